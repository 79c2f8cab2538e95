import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { Problem } from '../errors/problem.js';
import { PROBLEM_CONTENT_TYPE, problemDocument } from '../errors/problem-document.js';
import { requestId } from './request-id.js';

const REFUSALS: Readonly<Record<string, readonly [status: number, code: string, detail: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'request.headers_too_large', 'The URL and headers together may take 16 KiB.'],
  HPE_INVALID_METHOD: [400, 'request.malformed', 'The request does not begin with a method of HTTP.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'request.timeout', 'The request did not arrive in time.'],
};
const MALFORMED = [400, 'request.malformed', 'This is not an HTTP/1.1 request.'] as const;

/** Answers what Node's HTTP parser refuses, before there is a request, and closes the connection. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, code, detail] = REFUSALS[error.code ?? ''] ?? MALFORMED;
  const title = STATUS_CODES[status] ?? 'Bad Request';
  const id = requestId(undefined);
  const body = JSON.stringify(problemDocument(new Problem({ status, code, title, detail }), '/', id));
  const head = [
    `HTTP/1.1 ${status} ${title}`,
    `Content-Type: ${PROBLEM_CONTENT_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${id}`,
    'Cache-Control: no-store',
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
