import { Problem } from './problem.js';

/** 503: something that this request needs cannot be reached. Nothing was changed. */
export class ServiceUnavailable extends Problem {
  constructor(detail: string, retryAfterSeconds: number, cause?: unknown) {
    super({
      code: 'service.unavailable',
      detail,
      headers: { 'retry-after': String(retryAfterSeconds) },
      cause,
    });
  }
}
