import { Problem, type ProblemDetail } from './problem.js';

/** 400: the request does not have the documented shape. */
export class ValidationFailed extends Problem {
  constructor(errors: readonly ProblemDetail[]) {
    super({
      status: 400,
      code: 'request.invalid',
      title: 'The request is not valid',
      detail: errors
        .map((error) => `${error.pointer}: ${error.detail}`)
        .join('; ')
        .slice(0, 2000),
      errors,
    });
  }
}
