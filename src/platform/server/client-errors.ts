import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { PROBLEM_CONTENT_TYPE, problemDocument } from '../errors/problem-document.js';
import type { ProblemCode } from '../errors/problem-types.js';
import { Problem } from '../errors/problem.js';
import { requestId } from '../logs/request-id.js';
import { mayArriveSlowly } from './slow-bodies.js';

const REFUSALS: Readonly<Record<string, { readonly code: ProblemCode; readonly detail?: string }>> = {
  HPE_HEADER_OVERFLOW: { code: 'request.headers_too_large' },
  HPE_INVALID_METHOD: {
    code: 'request.malformed',
    detail: 'The request does not start with an HTTP method.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: { code: 'request.timeout' },
};
const MALFORMED = { code: 'request.malformed', detail: 'This is not an HTTP/1.1 request.' } as const;

/** Answers requests that Node's HTTP parser rejects or that take too long to arrive, and closes the connection. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && mayArriveSlowly(socket)) return;
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = new Problem(REFUSALS[error.code ?? ''] ?? MALFORMED);
  const id = requestId(undefined);
  const body = JSON.stringify(problemDocument(problem, '/', id));
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}`,
    `Content-Type: ${PROBLEM_CONTENT_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${id}`,
    'Cache-Control: no-store',
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
