import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { ageMs, bytesInOwnMemory, type Entry, provenanceBytes, type Times } from '../cache/memory-store.js';
import type { Provenance } from '../coherence/coherence.js';
import { Problem, type ProblemOptions } from '../errors/problem.js';
import { matchesAny } from './answer.js';
import { weightsOf } from './weights-of.js';
import { type ContentEncoding, type PreparedHeads, type Representation, wireBytes } from './wire.js';

/** In the order of preference when the client accepts several equally. */
const OFFERED = ['br', 'gzip', 'identity'] as const;
const MAX_REMEMBERED = 256;
const remembered = new Map<string, ContentEncoding>();

function choose(header: string): ContentEncoding {
  const weights = new Map(
    weightsOf(header).map(([name, weight]) => [name === 'x-gzip' ? 'gzip' : name, weight]),
  );
  const weightOf = (encoding: ContentEncoding): number =>
    // identity is acceptable unless excluded, but only as a last resort.
    weights.get(encoding) ?? (encoding === 'identity' ? 0.0001 : (weights.get('*') ?? 0));
  return OFFERED.reduce(
    (best, encoding) => (weightOf(encoding) > weightOf(best) ? encoding : best),
    OFFERED[0],
  );
}

/**
 * Chooses the content coding for an `Accept-Encoding` header (RFC 9110 §12.5.3). Results are remembered, because
 * clients send few different headers.
 */
export function negotiateEncoding(header: string | undefined): ContentEncoding {
  if (header === undefined) return 'identity';
  const known = remembered.get(header);
  if (known !== undefined) return known;
  const chosen = choose(header);
  if (remembered.size < MAX_REMEMBERED) remembered.set(header, chosen);
  return chosen;
}

const compressBr = promisify(brotliCompress);
const compressGzip = promisify(gzip);
/** Below this size, the additional headers cost more than compression saves. */
const MIN_COMPRESSED_BYTES = 1024;
/** Compresses well in a twentieth of the time of the highest quality. It runs once per entry. */
const BROTLI_QUALITY = 5;
/** The objects and map slots of an entry. Measured (test/cache/memory.test.ts). */
const OVERHEAD_BYTES = 1_400;
/** The objects and prepared headers of one representation, measured in the same test. */
const REPRESENTATION_BYTES = 3_000;

/** The result of a load, before it is stored. */
export interface AnswerContent extends Provenance {
  /** 200, or a redirect. */
  readonly status: number;
  readonly contentType: string;
  /** Headers of this answer only, such as `link` and `location`. Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** ETag of the uncompressed body. */
  readonly etag: string;
  readonly body: Buffer;
}

/** A finished answer in L1. Immutable, except for the heads that its first hit prepares. */
export class CachedAnswer implements Entry {
  readonly provenance: Provenance;
  readonly tags: readonly string[];
  readonly bytes: number;
  /** The prepared heads, once the front door has needed them. */
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

  /** The `Age` header: whole seconds since the answer was loaded. */
  ageSeconds(nowMs = Date.now()): number {
    return Math.floor(ageMs(this, nowMs) / 1000);
  }

  in(encoding: ContentEncoding): Representation {
    return (
      this.representations.find((representation) => representation.encoding === encoding) ??
      this.representations[0]
    );
  }

  /** The representation that an `If-None-Match` names. A client that has any representation has this answer. */
  matching(ifNoneMatch: string | undefined): Representation | undefined {
    if (ifNoneMatch === undefined || this.content.status !== 200) return undefined;
    return this.representations.find(({ etag }) => matchesAny(ifNoneMatch, etag));
  }

  /** True if the answer is large enough to compress, and not compressed yet. */
  get isCompressible(): boolean {
    return this.representations.length === 1 && this.content.body.length >= MIN_COMPRESSED_BYTES;
  }

  /** The same answer with every content coding that makes it smaller. Compression runs off the main thread. */
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

/** Objects and map slots. Measured (test/cache/memory.test.ts). */
const ABSENCE_OVERHEAD_BYTES = 750;

/**
 * A negative entry: something does not exist, until an event creates it. It stores what the problem contains rather
 * than the error object, whose stack would keep the first request alive.
 */
export class CachedAbsence implements Entry {
  readonly isTransient = true;
  readonly tags: readonly string[];
  readonly bytes: number;
  private readonly problemOptions: ProblemOptions;

  constructor(
    { code, detail, errors, headers, absence }: Problem,
    readonly provenance: Provenance,
    readonly times: Times,
  ) {
    const text = JSON.stringify({ code, detail, errors, headers, absence });
    this.problemOptions = JSON.parse(text) as ProblemOptions;
    this.tags = provenance.tags;
    this.bytes = ABSENCE_OVERHEAD_BYTES + 2 * text.length + provenanceBytes(provenance);
  }

  /** A new object for each request. */
  get problem(): Problem {
    return new Problem(this.problemOptions);
  }
}

/** Tells the entries of the response cache from those of other caches. */
export const isAnswerOrAbsence = (entry: Entry): entry is CachedAnswer | CachedAbsence =>
  entry instanceof CachedAnswer || entry instanceof CachedAbsence;
