import { Problem } from '../platform/errors/problem.js';
import { ServiceUnavailable } from '../platform/errors/service-unavailable.js';
import { HttpCallFailed } from '../platform/http/http.module.js';

const RETRY_AFTER_SECONDS = 1;

/** 502: the users side answers, but not as expected. It has another token or another version. */
class DirectoryFailed extends Problem {
  constructor(cause?: unknown) {
    super({
      code: 'directory.failed',
      headers: { 'retry-after': String(RETRY_AFTER_SECONDS) },
      cause,
    });
  }
}

const OVERLOADED = 503;

/** Converts a failed call to the users side to the problem that the client receives. */
export function directoryFailure(error: unknown): Problem {
  if (!(error instanceof HttpCallFailed)) return new DirectoryFailed(error);
  const { reason, answer } = error;
  const isAnswer = reason === 'malformed' || reason === 'too_large' || reason === 'invalid';
  if (isAnswer || (reason === 'status' && answer?.status !== OVERLOADED)) return new DirectoryFailed(error);
  return new ServiceUnavailable('The accounts cannot be reached.', RETRY_AFTER_SECONDS, error);
}
