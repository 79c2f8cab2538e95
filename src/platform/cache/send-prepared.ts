import { type Server, type ServerResponse, STATUS_CODES } from 'node:http';

/** What `writeHead` fills, and whatever sends the body looks at: the head as text, up to its empty line. */
interface HasHead {
  _header: string;
}

let second = 0;
let date = '';

/** The `Date` of this second. */
function httpDate(nowMs: number): string {
  const now = Math.floor(nowMs / 1000);
  if (now !== second) {
    second = now;
    date = new Date(nowMs).toUTCString();
  }
  return date;
}

export const statusLine = (status: number): string => `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n`;
export const headerLine = (name: string, value: string): string => `${name}: ${value}\r\n`;

/** The end of the head of an answer on a connection that is kept open, as Node writes it. */
export const keepAliveLines = ({ keepAliveTimeout }: Server): string =>
  `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(keepAliveTimeout / 1000)}\r\n\r\n`;

/**
 * Sends a head that is text already, and a body, in one write. Node would check, join and remember each header anew,
 * which is a quarter of the cost of a hit; these were checked when the routed answer that they come from was sent.
 * @param head status line and headers but for `Date` @param end keepAliveLines of the server
 * @param body text holds a byte in each character
 */
export function sendPrepared(
  response: ServerResponse,
  { head, end, body }: { head: string; end: string; body: string | Buffer | undefined },
): void {
  // The one thing that the public API cannot do; a test compares every byte with what it writes.
  (response as unknown as HasHead)._header = `${head}Date: ${httpDate(Date.now())}\r\n${end}`;
  if (typeof body === 'string') response.end(body, 'latin1');
  else response.end(body);
}
