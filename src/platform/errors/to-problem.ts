import { HttpException } from '@nestjs/common';
import type { ProblemCode } from './problem-types.js';
import { Problem } from './problem.js';
import { ServiceUnavailable } from './service-unavailable.js';

/** 503: another transaction holds a row that this request needs, and did not end in time. */
class LockTimeout extends Problem {
  constructor(cause?: unknown) {
    super({
      code: 'write.lock_timeout',
      headers: { 'retry-after': '1' },
      cause,
    });
  }
}

/** 507: PostgreSQL has no space left for a write. Nothing was changed. */
export class StorageFull extends Problem {
  constructor(cause: unknown) {
    super({
      code: 'storage.full',
      headers: { 'retry-after': '30' },
      cause,
    });
  }
}

const CODE_OF_STATUS: Readonly<Record<number, ProblemCode>> = {
  400: 'request.malformed',
  401: 'auth.required',
  // The check against requests from other sites is the only one that throws it.
  403: 'request.cross_site',
  404: 'route.not_found',
  405: 'route.method_not_allowed',
  406: 'request.not_acceptable',
  408: 'request.timeout',
  413: 'request.too_large',
  414: 'request.uri_too_long',
  415: 'request.unsupported_media_type',
  431: 'request.headers_too_large',
  503: 'service.unavailable',
};

/** Codes of node-postgres and PostgreSQL for an unreachable server or a terminated session (25P03 after a timeout). */
const DATABASE_IS_AWAY =
  /^(08...|25P0[34]|57P0[1-5]|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|ENOENT)$/;
const CONNECTION_LOST =
  /Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client (has encountered a connection error|was closed)|Query runner already released/;

const LOCK_NOT_AVAILABLE = '55P03';
const DISK_FULL = '53100';
/** SQLSTATEs after which the same request may succeed a moment later, and what the client is told. */
const TRY_AGAIN: readonly (readonly [sqlState: RegExp, detail: string])[] = [
  // A deadlock, or a conflict of serializable transactions.
  [/^(40001|40P01)$/, 'Other requests were changing the same things. This request changed nothing.'],
  [/^(53200|53300)$/, 'The database has no memory or no connections left.'],
  // The statement timeout.
  [/^57014$/, 'The database took too long. This request changed nothing.'],
];

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** The code from node-postgres, also inside TypeORM's wrapper. Empty if there is none. */
function codeOf(error: unknown): string {
  if (!isRecord(error)) return '';
  return typeof error['code'] === 'string' ? error['code'] : codeOf(error['driverError']);
}

function isDatabaseAway(error: unknown): boolean {
  if (!isRecord(error)) return false;
  if (isRecord(error['driverError']) && isDatabaseAway(error['driverError'])) return true;
  const { code, message } = error;
  if (typeof code === 'string' && DATABASE_IS_AWAY.test(code)) return true;
  return typeof message === 'string' && CONNECTION_LOST.test(message);
}

function ofStatus(status: number, cause: unknown, detail?: string): Problem {
  return new Problem({
    status,
    code: CODE_OF_STATUS[status] ?? (status < 500 ? 'request.refused' : 'server.error'),
    ...(detail === undefined ? {} : { detail }),
    ...(status === 503 ? { headers: { 'retry-after': '1' } } : {}),
    cause,
  });
}

const isClientError = (status: unknown): status is number =>
  typeof status === 'number' && status >= 400 && status < 500;

/** Converts any error of a request to the problem that the client receives. An unexpected error reveals nothing. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof HttpException) {
    const status = error.getStatus();
    return ofStatus(status, error, status < 500 && status !== 403 ? error.message : undefined);
  }
  // Fastify's own errors carry their status, and a message about the request only. They are checked first, because the
  // ECONNRESET of a client that disconnected during its body does not come from the database.
  if (isRecord(error) && isClientError(error['statusCode'])) {
    return ofStatus(error['statusCode'], error, String(error['message']));
  }
  const sqlState = codeOf(error);
  if (sqlState === LOCK_NOT_AVAILABLE) return new LockTimeout(error);
  if (sqlState === DISK_FULL) return new StorageFull(error);
  const tryAgain = TRY_AGAIN.find(([states]) => states.test(sqlState));
  if (tryAgain !== undefined) return new ServiceUnavailable(tryAgain[1], 1, error);
  if (isDatabaseAway(error)) return new ServiceUnavailable('The database cannot be reached.', 1, error);
  return ofStatus(500, error);
}
