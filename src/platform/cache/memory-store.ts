import { LRUCache } from 'lru-cache';
import type { Provenance } from '../coherence/coherence.js';

/**
 * Copies bytes into memory of their own. A slice keeps the whole buffer behind it alive, such as Node's pool of small
 * buffers, a network chunk or a compressor's work space. An entry would then hold many times the bytes it counts.
 */
export function bytesInOwnMemory(content: string | Buffer): Buffer {
  const own = Buffer.allocUnsafeSlow(Buffer.byteLength(content));
  if (typeof content === 'string') own.write(content);
  else content.copy(own);
  return own;
}

/** A copy that shares no memory. V8 keeps a substring, of a URL for example, as a reference to the whole string. */
export const dataInOwnMemory = <T>(data: T): T => JSON.parse(JSON.stringify(data)) as T;

/** The properties of an entry that the store needs. */
export interface MemoryEntry {
  readonly tags: readonly string[];
  /** The memory that the entry takes in bytes, without its key. */
  readonly bytes: number;
  /**
   * True for answers that anyone can request in endless variety, such as missing things and deep pages. They live in a
   * small partition of their own.
   */
  readonly isTransient: boolean;
}

/** Why an entry was evicted: the transaction, and the tag it touched. */
export interface Eviction {
  readonly xid: number;
  readonly tag: string;
}

/** The number of evictions remembered, to explain recent misses. */
const MAX_EVICTIONS = 1_000;
/** The share of the transient partition. A flood of transient entries evicts other transient entries only. */
const TRANSIENT_SHARE = 1 / 16;

/** L1: a least-recently-used store with a limit in bytes. Finds the entries of a tag in O(entries with that tag). */
export class MemoryStore<Entry extends MemoryEntry> {
  private readonly keysOfTag = new Map<string, Set<string>>();
  private readonly evictions = new LRUCache<string, Eviction>({ max: MAX_EVICTIONS });
  private readonly main: LRUCache<string, Entry>;
  private readonly transient: LRUCache<string, Entry>;

  constructor(maxBytes: number) {
    const transientBytes = Math.max(1, Math.floor(maxBytes * TRANSIENT_SHARE));
    this.main = this.partition(Math.max(1, maxBytes - transientBytes));
    this.transient = this.partition(transientBytes);
  }

  private partition(maxSize: number): LRUCache<string, Entry> {
    return new LRUCache<string, Entry>({
      maxSize,
      // A character of a key takes up to two bytes.
      sizeCalculation: (entry, key) => entry.bytes + 2 * key.length,
      dispose: (entry, key) => this.unindex(key, entry),
    });
  }

  get entries(): number {
    return this.main.size + this.transient.size;
  }

  get bytes(): number {
    return this.main.calculatedSize + this.transient.calculatedSize;
  }

  get(key: string): Entry | undefined {
    return this.main.get(key) ?? this.transient.get(key);
  }

  /** Reads an entry without marking it as used. */
  peek(key: string): Entry | undefined {
    return this.main.peek(key) ?? this.transient.peek(key);
  }

  /** Replaces the entry of a key. An entry larger than its partition is not stored. */
  set(key: string, entry: Entry): void {
    this.delete(key);
    this.evictions.delete(key);
    const partition = entry.isTransient ? this.transient : this.main;
    for (const tag of entry.tags) {
      const keys = this.keysOfTag.get(tag);
      if (keys === undefined) this.keysOfTag.set(tag, new Set([key]));
      else keys.add(key);
    }
    partition.set(key, entry);
    if (!partition.has(key)) this.unindex(key, entry);
  }

  delete(key: string): boolean {
    return this.main.delete(key) || this.transient.delete(key);
  }

  /** The number of entries with at least one of the tags. */
  count(tags: readonly string[]): number {
    return new Set(tags.flatMap((tag) => [...(this.keysOfTag.get(tag) ?? [])])).size;
  }

  /** @param xid the transaction that touched the tags @returns the number of entries evicted */
  evict(tags: Iterable<string>, xid?: number): number {
    let evicted = 0;
    for (const tag of tags) {
      for (const key of [...(this.keysOfTag.get(tag) ?? [])]) {
        if (!this.delete(key)) continue;
        evicted += 1;
        if (xid !== undefined) this.evictions.set(key, { xid, tag });
      }
    }
    return evicted;
  }

  /** Records why the copy of an entry in another tier was discarded. */
  wasFoundOld(key: string, eviction: Eviction): void {
    this.evictions.set(key, eviction);
  }

  /**
   * The change that evicted the entry of this key. Undefined if something else removed it, or if the eviction is too
   * old to be remembered.
   */
  lastEviction(key: string): Eviction | undefined {
    return this.evictions.peek(key);
  }

  clear(): void {
    this.main.clear();
    this.transient.clear();
    this.evictions.clear();
  }

  private unindex(key: string, entry: Entry): void {
    for (const tag of entry.tags) {
      const keys = this.keysOfTag.get(tag);
      keys?.delete(key);
      if (keys?.size === 0) this.keysOfTag.delete(tag);
    }
  }
}

export interface Times {
  /** When the entry was loaded, in milliseconds since 1970. Replicas compare it. */
  readonly storedAtMs: number;
  readonly ttlMs: number;
}

/** An entry of any tier. Its provenance tells whether it is current, its times whether it is fresh. */
export interface Entry extends MemoryEntry {
  readonly provenance: Provenance;
  readonly times: Times;
}

export const ageMs = ({ times }: Entry, nowMs: number): number => Math.max(0, nowMs - times.storedAtMs);
export const isFresh = (entry: Entry, nowMs: number): boolean => ageMs(entry, nowMs) < entry.times.ttlMs;

/** The memory of a tag with a single entry, including its set in the index. Measured (test/cache/memory.test.ts). */
const TAG_BYTES = 310;

/** The objects of one input. */
const INPUT_BYTES = 200;

/** The memory that a provenance takes. Its tags have one byte per character. */
export const provenanceBytes = ({ tags, snapshot, inputs = [] }: Provenance): number =>
  tags.reduce((sum, tag) => sum + TAG_BYTES + tag.length, 8 * snapshot.xip.length) +
  inputs.reduce((sum, input) => sum + INPUT_BYTES + provenanceBytes(input), 0);
