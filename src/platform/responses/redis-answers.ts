import type { EntrySeal } from '../cache/entry-seal.js';
import { bytesInOwnMemory, type Times } from '../cache/memory-store.js';
import type { RemoteTier, Tiers } from '../cache/tiers.js';
import { isProvenance } from '../coherence/coherence.js';
import { type AnswerContent, CachedAbsence, CachedAnswer } from './cached-answer.js';

/** Increased with each change of the layout below, so that entries of other builds are not read. */
const FORMAT = 3;

type Header = Omit<AnswerContent, 'body'> & Times & { readonly format: number };

const LENGTH_BYTES = 4;

/** An answer as bytes for L2: length of the header (32 bits, big endian), header as JSON, body. */
export function encodeAnswer(content: AnswerContent, times: Times): Buffer {
  const { body, ...rest } = content;
  const header = Buffer.from(JSON.stringify({ format: FORMAT, ...rest, ...times } satisfies Header));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(header.length);
  return Buffer.concat([length, header, body]);
}

/** Checks what Node would check when it sends a header. The prepared heads of the front door bypass that check. */
const isHeaderText = (value: unknown): value is string =>
  typeof value === 'string' && /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
const isHeaders = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.entries(value).every(([name, text]) => /^[a-z\d-]+$/.test(name) && isHeaderText(text));
const isStatus = (value: unknown): boolean =>
  value === 200 || value === 301 || value === 302 || value === 308;

function isHeader(value: Partial<Header> | null): value is Header {
  return (
    value?.format === FORMAT &&
    isStatus(value.status) &&
    Number.isFinite(value.storedAtMs) &&
    Number.isFinite(value.ttlMs) &&
    isHeaderText(value.contentType) &&
    isHeaderText(value.etag) &&
    isHeaders(value.headers) &&
    isProvenance(value)
  );
}

/** @returns undefined for anything that this build did not write */
export function decodeAnswer(bytes: Buffer): { content: AnswerContent; times: Times } | undefined {
  if (bytes.length < LENGTH_BYTES) return undefined;
  const end = LENGTH_BYTES + bytes.readUInt32BE(0);
  if (end > bytes.length) return undefined;
  try {
    const header = JSON.parse(bytes.toString('utf8', LENGTH_BYTES, end)) as Partial<Header> | null;
    if (!isHeader(header)) return undefined;
    const { format: _, storedAtMs, ttlMs, ...rest } = header;
    return {
      content: { ...rest, body: bytesInOwnMemory(bytes.subarray(end)) },
      times: { storedAtMs, ttlMs },
    };
  } catch {
    return undefined;
  }
}

/** L2 for finished answers: bytes, with a header that holds their provenance. Negative entries stay in L1. */
export class RedisAnswers implements RemoteTier<CachedAnswer | CachedAbsence> {
  /** @param variant distinguishes the answers of processes that answer differently, such as `shownSettings` */
  constructor(
    private readonly seal: EntrySeal,
    private readonly tiers: Pick<Tiers, 'remote' | 'tally'>,
    private readonly variant = '',
  ) {}

  async get(key: string): Promise<CachedAnswer | undefined> {
    const place = this.placeOf(key);
    const sealed = await this.tiers.remote.get(place);
    if (sealed === undefined) return undefined;
    const bytes = this.seal.open(place, sealed);
    const decoded = bytes === undefined ? undefined : decodeAnswer(bytes);
    if (decoded !== undefined) return new CachedAnswer(decoded.content, decoded.times, false);
    this.tiers.tally.countError(bytes === undefined ? 'redis/verify' : 'redis/decode');
    return undefined;
  }

  keeps(entry: CachedAnswer | CachedAbsence): entry is CachedAnswer {
    return entry instanceof CachedAnswer && !entry.isTransient;
  }

  async set(key: string, entry: CachedAnswer | CachedAbsence): Promise<void> {
    if (!this.keeps(entry)) return;
    const place = this.placeOf(key);
    const sealed = this.seal.seal(place, encodeAnswer(entry.content, entry.times));
    await this.tiers.remote.set(place, sealed, entry.times.ttlMs);
  }

  private placeOf(key: string): string {
    return this.variant === '' ? key : `${this.variant}:${key}`;
  }
}
