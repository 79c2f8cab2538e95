import type { ContentEncoding } from './negotiate-encoding.js';

/** The bytes of an answer in one content coding. Each has an ETag of its own (RFC 9110 §8.8.3.3). */
export interface Representation {
  readonly encoding: ContentEncoding;
  readonly etag: string;
  readonly body: Buffer;
}
