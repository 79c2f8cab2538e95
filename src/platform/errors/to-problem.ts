import { HttpException } from '@nestjs/common';
import { STATUS_CODES } from 'node:http';
import { Problem } from './problem.js';
import { ServiceUnavailable } from './service-unavailable.js';

const CODE_OF_STATUS: Readonly<Record<number, string>> = {
  400: 'request.malformed',
  401: 'auth.required',
  403: 'auth.forbidden',
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

/** Codes of node-postgres and of PostgreSQL (class 08 and 57P, 53300) that mean: not reachable now. */
const DATABASE_IS_AWAY =
  /^(08...|57P0[1-5]|53300|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|ENOENT)$/;
const CONNECTION_LOST =
  /Connection terminated|timeout exceeded when trying to connect|Client (has encountered a connection error|was closed)|Query runner already released/;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

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
    title: STATUS_CODES[status] ?? 'Error',
    ...(detail === undefined ? {} : { detail }),
    ...(status === 503 ? { headers: { 'retry-after': '1' } } : {}),
    cause,
  });
}

const isClientError = (status: unknown): status is number =>
  typeof status === 'number' && status >= 400 && status < 500;

/** Any error a request can end with → what its client is told. Nothing of an unexpected error is shown. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof HttpException) {
    const status = error.getStatus();
    return ofStatus(status, error, status < 500 ? error.message : undefined);
  }
  // Fastify's own errors carry the status of the refusal and a message about the request alone. They come first: the
  // ECONNRESET of a client that went away in the middle of its body is not the database's.
  if (isRecord(error) && isClientError(error['statusCode'])) {
    return ofStatus(error['statusCode'], error, String(error['message']));
  }
  if (isDatabaseAway(error)) return new ServiceUnavailable('The database cannot be reached.', 1, error);
  return ofStatus(500, error, 'The server failed. The request id identifies the failure in its log.');
}
