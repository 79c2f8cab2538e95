import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** An answer as received. */
export interface Answer {
  readonly status: number;
  /** In their original order. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

/** The form in a file. */
export interface KeptAnswer extends Omit<Answer, 'body'> {
  /** Base64. */
  readonly body: string;
}

export async function ask(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  // Sent on a keep-alive connection, like the load, so that the connection headers are the same.
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

/** Node writes these itself. */
const BY_NODE = new Set(['connection', 'date', 'keep-alive']);

export const keep = ({ status, headers, body }: Answer): KeptAnswer => ({
  status,
  headers: headers.filter(([name]) => !BY_NODE.has(name.toLowerCase())),
  body: body.toString('base64'),
});

/** These differ from answer to answer. */
const VOLATILE = new Set(['age', 'date', 'x-request-id']);

/** Status and headers, without the values that differ from answer to answer. */
export const headOf = ({ status, headers }: Answer): string[] => [
  `${status}`,
  ...headers
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .map(([name, value]) => (VOLATILE.has(name) ? name : `${name}: ${value}`)),
];
