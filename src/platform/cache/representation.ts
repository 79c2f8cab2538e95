import type { ContentEncoding } from './negotiate-encoding.js';

/** The bytes of an answer in one content coding. Each has an ETag of its own (RFC 9110 §8.8.3.3). */
export interface Representation {
  readonly encoding: ContentEncoding;
  readonly etag: string;
  readonly body: Buffer;
}

/** Bodies up to here are kept as text besides: with its head, such a body is one string, which Node writes at once. */
const MAX_TEXT_BYTES = 16 * 1024;

/** What the front door gives to the socket: text holds a byte in each character. */
export const wireForm = (body: Buffer): string | Buffer =>
  body.length <= MAX_TEXT_BYTES ? body.toString('latin1') : body;

/** Memory that a body takes together with its wire form. */
export const wireBytes = (body: Buffer): number => body.length * (body.length <= MAX_TEXT_BYTES ? 2 : 1);
