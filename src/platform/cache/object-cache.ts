import type { Cache } from '@nestjs/cache-manager';
import type { Provenance } from '../coherence/coherence.js';
import { parseSnapshot } from '../coherence/snapshot.js';
import type { Config } from '../../config.js';
import type { CacheName } from './cache-declaration.js';
import { ttlOf } from './cache-ttl.js';
import { CircuitBreaker } from './circuit-breaker.js';
import { type Entry, provenanceBytes, type Times } from './entry.js';
import { type RemoteTier, TieredCache, type Tiers } from './tiered-cache.js';

/** Objects and map slots, measured (test/cache/memory.test.ts). */
const OVERHEAD_BYTES = 700;
const FAILURES_TO_OPEN = 5;
const OPEN_MS = 1_000;

/** Something a service looked up, and what it was read from. */
export interface Looked<T> {
  /** JSON-like: it may travel through Redis. `null` for: there is none. */
  readonly value: T;
  readonly tags: readonly string[];
  /** `pg_current_snapshot()` of the statement that read it. */
  readonly snapshot: string;
  /** Of the process that read it, from before that. Absent: this one's. */
  readonly epoch?: string;
}

/** A value, and what tells whether it is still so: for answers that are made of it. */
export interface Known<T> {
  readonly value: T;
  readonly provenance: Provenance;
}

interface Asked<T> {
  readonly cache: CacheName;
  /** Unique within the cache. */
  readonly key: string;
  /** The policy; the environment may override it by the cache's name. */
  readonly ttlSeconds: number;
  /** Kept in this process alone, where the other tier is no nearer than what is asked. */
  readonly isLocal?: boolean;
  readonly look: () => Promise<Looked<T>>;
}

class CachedObject implements Entry {
  readonly isTransient: boolean;
  readonly tags: readonly string[];
  readonly bytes: number;

  constructor(
    readonly value: unknown,
    readonly provenance: Provenance,
    readonly times: Times,
    readonly isLocal = false,
  ) {
    this.isTransient = value === null;
    this.tags = provenance.tags;
    this.bytes = OVERHEAD_BYTES + 2 * (JSON.stringify(value)?.length ?? 0) + provenanceBytes(provenance);
  }
}

/** L2 of objects: Nest's CACHE_MANAGER, behind a breaker. */
class RemoteObjects implements RemoteTier<CachedObject> {
  private readonly breaker = new CircuitBreaker({ failures: FAILURES_TO_OPEN, openMs: OPEN_MS });

  constructor(
    private readonly cacheManager: Cache,
    private readonly countError: (op: string) => void,
  ) {}

  async get(key: string): Promise<CachedObject | undefined> {
    const kept = await this.breaker.run(
      () => this.cacheManager.get<{ value: unknown; provenance: Provenance; times: Times }>(key),
      () => this.countError('get'),
    );
    if (kept?.provenance?.snapshot === undefined || kept.times === undefined) return undefined;
    return new CachedObject(kept.value, kept.provenance, kept.times);
  }

  keeps({ value, isLocal }: CachedObject): boolean {
    return value !== null && !isLocal;
  }

  async set(key: string, entry: CachedObject): Promise<void> {
    if (!this.keeps(entry)) return;
    const { value, provenance, times } = entry;
    await this.breaker.run(
      () => this.cacheManager.set(key, { value, provenance, times }, times.ttlMs),
      () => this.countError('set'),
    );
  }
}

const NO_REMOTE: RemoteTier<CachedObject> = {
  get: () => Promise.resolve(undefined),
  keeps: () => false,
  set: () => Promise.resolve(),
};

/** The cache of things that are not answers, such as sessions and profiles, by the same engine. */
export class ObjectCache {
  readonly tiered: TieredCache<CachedObject>;

  constructor(
    private readonly tiers: Tiers,
    private readonly config: Config,
    /** Null without Redis. */
    cacheManager: Cache | null,
  ) {
    const remote =
      cacheManager === null
        ? NO_REMOTE
        : new RemoteObjects(cacheManager, (op) => tiers.tally.countError(`redis/${op}`));
    this.tiered = new TieredCache(
      tiers,
      remote,
      (entry): entry is CachedObject => entry instanceof CachedObject,
    );
  }

  /** @throws what `look` throws: it is never answered from an expired entry */
  async get<T>(
    cache: CacheName,
    key: string,
    ttlSeconds: number,
    look: () => Promise<Looked<T>>,
  ): Promise<T> {
    return (await this.find({ cache, key, ttlSeconds, look })).value;
  }

  /** As `get`, with what it was read from. @throws what `look` throws */
  async find<T>(asked: Asked<T>): Promise<Known<T>> {
    const { cache, key, isLocal = false } = asked;
    const ttl = ttlOf(this.config, cache) ?? asked.ttlSeconds;
    const { entry } = await this.tiered.read(`${cache}:${key}`, {
      cache,
      staleWhileRevalidateMs: 0,
      staleIfErrorMs: 0,
      remote: ttl > 0 && !isLocal ? 'unknown' : 'never',
      load: () => this.load(ttl, asked),
    });
    // What was stored under this key came from a `look` of the same caller.
    return { value: entry.value as T, provenance: entry.provenance };
  }

  private async load<T>(ttlSeconds: number, { look, isLocal = false }: Asked<T>): Promise<CachedObject> {
    const { epoch: ownEpoch } = this.tiers.coherence;
    const times = { storedAtMs: Date.now(), ttlMs: ttlSeconds * 1000 };
    const { value, tags, snapshot, epoch = ownEpoch } = await look();
    return new CachedObject(value, { tags, snapshot: parseSnapshot(snapshot), epoch }, times, isLocal);
  }
}
