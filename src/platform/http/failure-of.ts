import { type AxiosError, isAxiosError, isCancel } from 'axios';
import { AddressRefused } from './address-refused.js';
import type { CallLimit } from './call-limit.js';
import { type CallAnswer, type FailureReason, HttpCallFailed } from './call-failed.js';

const CUT = {
  timeout: 'no complete answer in time',
  cancelled: 'the caller gave up',
  stopping: 'ended because the process is stopping',
} as const;

const UNKNOWN_HOST = /^(ENOTFOUND|EAI_AGAIN|ENODATA|ESERVFAIL)$/;
const MALFORMED = /^(HPE_|Z_|ERR_BROTLI|ERR__ERROR_)/;
const INVALID = /^(ERR_INVALID_URL|ERR_BAD_OPTION|ERR_BAD_OPTION_VALUE|ERR_BAD_REQUEST|ERR_INVALID_CHAR)$/;
const TOO_LARGE = /^maxContentLength/;

type ReasonAndDetail = readonly [reason: FailureReason, detail: string];

function* causes(error: unknown): Generator<Error> {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    yield cause;
    if (cause instanceof AggregateError) yield* cause.errors.flatMap((inner) => [...causes(inner)]);
  }
}

function answerOf({ response, config }: AxiosError): CallAnswer | undefined {
  if (response === undefined || config?.validateStatus?.(response.status) !== false) return undefined;
  const { status, headers, data } = response;
  return { status, headers, data };
}

function findingOf(error: Error, code: string): ReasonAndDetail {
  const all = [...causes(error)];
  const refused = all.find((cause) => cause instanceof AddressRefused);
  if (refused !== undefined) return ['address_refused', refused.message];
  if (TOO_LARGE.test(error.message)) return ['too_large', 'the answer is larger than the call allows'];
  if (UNKNOWN_HOST.test(code)) return ['unknown_host', `its name has no address (${code})`];
  if (MALFORMED.test(code)) return ['malformed', `the answer is malformed (${code})`];
  if (all.some((cause) => cause instanceof SyntaxError)) return ['malformed', 'the answer is not JSON'];
  if (INVALID.test(code)) return ['invalid', error.message];
  if (code === 'ERR_BAD_RESPONSE' || code === 'ECONNRESET')
    return ['connection', 'the connection broke before the answer was complete'];
  return ['connection', code === '' ? error.message : `no connection (${code})`];
}

/** An Axios error holds the whole request with its credentials, and errors are logged. Only its cause is kept. */
const withoutRequest = (error: unknown): unknown => (isAxiosError(error) ? error.cause : error);

/** Converts any error of Axios, its agents and its sockets to the one error that callers see. */
export function failureOf(error: unknown, call: string, limit?: CallLimit): HttpCallFailed {
  if (error instanceof HttpCallFailed) return error;
  if (limit?.endReason !== undefined)
    return new HttpCallFailed({
      reason: limit.endReason,
      call,
      detail: CUT[limit.endReason],
      cause: withoutRequest(error),
    });
  if (isCancel(error)) return new HttpCallFailed({ reason: 'cancelled', call, detail: CUT.cancelled });
  const answer = isAxiosError(error) ? answerOf(error) : undefined;
  if (answer !== undefined)
    return new HttpCallFailed({ reason: 'status', call, detail: `answered ${answer.status}`, answer });
  const known = error instanceof Error ? error : new Error(String(error));
  const [reason, detail] = findingOf(known, (known as NodeJS.ErrnoException).code ?? '');
  return new HttpCallFailed({ reason, call, detail, cause: withoutRequest(error) });
}
