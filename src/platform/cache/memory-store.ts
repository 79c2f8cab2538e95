import { LRUCache } from 'lru-cache';

/** What the store must know of an entry; everything else is the owner's. */
export interface MemoryEntry {
  readonly tags: readonly string[];
  /** Bytes of memory it takes, everything counted but its key. */
  readonly bytes: number;
  /** Answers that anybody can make up by the million (missing things, deep pages) live in a small partition. */
  readonly isTransient: boolean;
}

/** Why an entry is gone: the transaction that touched one of its tags. */
export interface Eviction {
  readonly xid: number;
  readonly tag: string;
}

/** Enough to explain a miss that somebody wonders about. */
const MAX_EVICTIONS = 1_000;
/** A sixteenth for what anybody can make up: floods push out each other, never real entries. */
const TRANSIENT_SHARE = 1 / 16;

/** L1: entries by key, bounded in bytes, least recently used out first, found by tag in O(entries of that tag). */
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
      // A key may have two bytes a character.
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

  /** Looks without marking as used. */
  peek(key: string): Entry | undefined {
    return this.main.peek(key) ?? this.transient.peek(key);
  }

  /** Replaces what the key had. An entry larger than its partition is not kept. */
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

  /** How many entries carry one of the tags. */
  count(tags: readonly string[]): number {
    return new Set(tags.flatMap((tag) => [...(this.keysOfTag.get(tag) ?? [])])).size;
  }

  /** @param xid the transaction that makes them old @returns how many entries went */
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

  /** A copy elsewhere of what the key had was found to be old. */
  wasFoundOld(key: string, eviction: Eviction): void {
    this.evictions.set(key, eviction);
  }

  /** Which change evicted what was kept under the key, if that is how it went and not long ago. */
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
