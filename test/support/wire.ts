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
  /** Each request has a new connection by default. */
  readonly agent?: Agent;
}

/** For tests with thousands of requests. */
export const keepingAlive: WireOptions = { agent: new Agent({ keepAlive: true, maxSockets: 64 }) };

/** Returns raw bytes without decompression, on a keep-alive connection like a browser's. */
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

/** Writes raw requests, and reads until the server closes the connection, which the last request must ask for. */
export async function converse(on: Pick<Inkwell, 'url'>, text: string): Promise<string> {
  const { hostname, port } = new URL(on.url);
  const socket = connect(Number(port), hostname);
  socket.write(text);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('latin1');
}

/** Headers that depend on the way and the time of an answer. */
const ABOUT_CACHING_AND_CONNECTION: ReadonlySet<string> = new Set([
  'age',
  'cache-status',
  'connection',
  'date',
  'keep-alive',
  // Changes with every request and every second.
  'ratelimit',
  'x-request-id',
]);

/** Every header that must be the same in whichever way an answer was made, by name. */
export const lasting = (headers: IncomingHttpHeaders): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !ABOUT_CACHING_AND_CONNECTION.has(name))
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
