import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** An answer as it came over the wire. */
export interface Answer {
  readonly status: number;
  /** As they were written, in that order. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

/** In a file. */
export interface KeptAnswer extends Omit<Answer, 'body'> {
  /** Base64. */
  readonly body: string;
}

export async function ask(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  // On a kept connection, as the load is: the answer's own connection headers are then the same.
  get(url, { headers: { connection: 'keep-alive', ...headers } }, resolve).on('error', reject);
  const message = await promise;
  const body = await buffer(message);
  const raw = message.rawHeaders;
  const pairs = Array.from({ length: raw.length / 2 }, (_, i) => [raw[2 * i]!, raw[2 * i + 1]!] as const);
  return { status: message.statusCode!, headers: pairs, body };
}

/** @param name in lower case */
export const headerOf = ({ headers }: Answer, name: string): string | undefined =>
  headers.find(([other]) => other.toLowerCase() === name)?.[1];

/** Node writes these by itself. */
const BY_NODE = new Set(['connection', 'date', 'keep-alive']);

export const keep = ({ status, headers, body }: Answer): KeptAnswer => ({
  status,
  headers: headers.filter(([name]) => !BY_NODE.has(name.toLowerCase())),
  body: body.toString('base64'),
});

/** Differ from one answer to the next. */
const VOLATILE = new Set(['age', 'date', 'x-request-id']);

/** Status and headers, without the values that differ each time. */
export const headOf = ({ status, headers }: Answer): string[] => [
  `${status}`,
  ...headers
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .map(([name, value]) => (VOLATILE.has(name) ? name : `${name}: ${value}`)),
];
