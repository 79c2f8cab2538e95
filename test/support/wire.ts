import { Agent, type IncomingHttpHeaders, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import type { Inkwell } from './start-inkwell.js';

export interface WireAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface WireOptions {
  readonly body?: string;
  /** A connection of its own for each request, unless said. */
  readonly agent?: Agent;
}

/** For tests that ask thousands of times. */
export const keepingAlive: WireOptions = { agent: new Agent({ keepAlive: true, maxSockets: 64 }) };

/** No decompression, and on a connection that may stay open, as the ones of browsers: what is on the wire. */
export function ask(
  on: Pick<Inkwell, 'url'>,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
  { body, agent }: WireOptions = {},
): Promise<WireAnswer> {
  return new Promise((resolve, reject) => {
    const options = { method, headers: { connection: 'keep-alive', ...headers }, agent: agent ?? false };
    const request = httpRequest(on.url + path, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) });
      });
    });
    request.on('error', reject).end(body);
  });
}

/** Writes requests as they are, and reads until the server closes the connection, which the last one must ask for. */
export async function converse(on: Pick<Inkwell, 'url'>, text: string): Promise<string> {
  const { hostname, port } = new URL(on.url);
  const socket = connect(Number(port), hostname);
  socket.write(text);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('latin1');
}

/** They tell how an answer came to be, and when. */
const ABOUT_CACHING_AND_CONNECTION: ReadonlySet<string> = new Set([
  'age',
  'cache-status',
  'connection',
  'date',
  'keep-alive',
  'x-request-id',
]);

/** Every header that must be the same whichever way an answer came to be, by name. */
export const lasting = (headers: IncomingHttpHeaders): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !ABOUT_CACHING_AND_CONNECTION.has(name))
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
