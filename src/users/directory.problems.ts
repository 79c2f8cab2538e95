import { Problem } from '../platform/errors/problem.js';
import { ServiceUnavailable } from '../platform/errors/service-unavailable.js';
import { HttpCallFailed } from '../platform/http/http.module.js';

const RETRY_AFTER_SECONDS = 1;

/** 502: the users side answers, but not as it should. Its token or its version is another one. */
class DirectoryFailed extends Problem {
  constructor(cause?: unknown) {
    super({
      status: 502,
      code: 'directory.failed',
      title: 'Bad gateway',
      detail: 'The service that keeps the accounts gave no answer that could be used.',
      headers: { 'retry-after': String(RETRY_AFTER_SECONDS) },
      cause,
    });
  }
}

const OVERLOADED = 503;

/** A call to the users side that failed → what the client is told. */
export function directoryFailure(error: unknown): Problem {
  if (!(error instanceof HttpCallFailed)) return new DirectoryFailed(error);
  const { reason, answer } = error;
  const isAnswer = reason === 'malformed' || reason === 'too_large' || reason === 'invalid';
  if (isAnswer || (reason === 'status' && answer?.status !== OVERLOADED)) return new DirectoryFailed(error);
  return new ServiceUnavailable('The accounts cannot be reached.', RETRY_AFTER_SECONDS, error);
}
