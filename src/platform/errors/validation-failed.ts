import { Problem, type ProblemDetail } from './problem.js';

/** 400: the request does not match its documented schema. */
export class ValidationFailed extends Problem {
  constructor(errors: readonly ProblemDetail[]) {
    super({
      code: 'request.invalid',
      detail: errors.map(({ pointer, detail }) => `${pointer}: ${detail}`).join('; '),
      errors,
    });
  }
}
