import { Problem } from './problem.js';

/** 503: something this request needs cannot be reached now; nothing was changed. */
export class ServiceUnavailable extends Problem {
  constructor(detail: string, retryAfterSeconds: number, cause?: unknown) {
    super({
      status: 503,
      code: 'service.unavailable',
      title: 'Service unavailable',
      detail,
      headers: { 'retry-after': String(retryAfterSeconds) },
      cause,
    });
  }
}
