import { type IncomingHttpHeaders, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import type { Inkwell } from './start-inkwell.js';

export interface WireAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** No decompression, and on a connection that may stay open, as the ones of browsers: what is on the wire. */
export function ask(
  on: Pick<Inkwell, 'url'>,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<WireAnswer> {
  return new Promise((resolve, reject) => {
    const options = { method, headers: { connection: 'keep-alive', ...headers }, agent: false };
    const request = httpRequest(on.url + path, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) });
      });
    });
    request.on('error', reject).end();
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
