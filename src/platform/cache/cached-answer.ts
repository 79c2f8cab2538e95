import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Provenance } from '../coherence/coherence.js';
import { ageMs, type Entry, provenanceBytes, type Times } from './entry.js';
import type { ContentEncoding } from './negotiate-encoding.js';
import { bytesInOwnMemory } from './own-memory.js';
import type { PreparedHeads } from './prepared-heads.js';
import { type Representation, wireBytes } from './representation.js';

const compressBr = promisify(brotliCompress);
const compressGzip = promisify(gzip);
/** Below, the headers cost more than is saved. */
const MIN_COMPRESSED_BYTES = 1024;
/** A good ratio at a twentieth of the time of the best; it runs once an entry. */
const BROTLI_QUALITY = 5;
/** Objects and map slots of an entry, measured (test/cache/memory.test.ts). */
const OVERHEAD_BYTES = 1_400;
/** Objects and prepared headers of each of its representations, measured there too. */
const REPRESENTATION_BYTES = 3_000;

/** What a load gave, before it has an age. */
export interface AnswerContent extends Provenance {
  /** 200, or a redirect. */
  readonly status: number;
  readonly contentType: string;
  /** Lower-case names; the ones of this answer alone, such as `link` and `location`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Of the body as it is. */
  readonly etag: string;
  readonly body: Buffer;
}

/** A finished answer in L1. Immutable, apart from the heads that its first hit prepares. */
export class CachedAnswer implements Entry {
  readonly provenance: Provenance;
  readonly tags: readonly string[];
  readonly bytes: number;
  /** What the front door sends, once it has. */
  heads: PreparedHeads | undefined;

  constructor(
    readonly content: AnswerContent,
    readonly times: Times,
    readonly isTransient: boolean,
    readonly representations: readonly [Representation, ...Representation[]] = [identityOf(content)],
  ) {
    this.provenance = content;
    this.tags = content.tags;
    const bodies = representations.reduce((sum, { body }) => sum + REPRESENTATION_BYTES + wireBytes(body), 0);
    const headers = Object.values(content.headers).reduce((sum, value) => sum + value.length, 0);
    this.bytes = OVERHEAD_BYTES + bodies + headers + provenanceBytes(content);
  }

  /** Whole seconds since it was loaded: `Age`. */
  ageSeconds(nowMs = Date.now()): number {
    return Math.floor(ageMs(this, nowMs) / 1000);
  }

  in(encoding: ContentEncoding): Representation {
    return (
      this.representations.find((representation) => representation.encoding === encoding) ??
      this.representations[0]
    );
  }

  /** Large enough to gain from it, and not compressed yet. */
  get isCompressible(): boolean {
    return this.representations.length === 1 && this.content.body.length >= MIN_COMPRESSED_BYTES;
  }

  /** The same answer in every content coding that makes it smaller; compressing happens off the main thread. */
  async compressed(): Promise<CachedAnswer> {
    const [identity] = this.representations;
    const [br, gz] = await Promise.all([
      compressBr(identity.body, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } }),
      compressGzip(identity.body),
    ]);
    const coded = [codedAs('br', br, identity.etag), codedAs('gzip', gz, identity.etag)];
    const smaller = coded.filter((representation) => representation.body.length < identity.body.length);
    return new CachedAnswer(this.content, this.times, this.isTransient, [identity, ...smaller]);
  }
}

const identityOf = ({ body, etag }: AnswerContent): Representation => ({ encoding: 'identity', etag, body });

const codedAs = (encoding: ContentEncoding, body: Buffer, etag: string): Representation => ({
  encoding,
  etag: `${etag.slice(0, -1)}-${encoding}"`,
  body: bytesInOwnMemory(body),
});
