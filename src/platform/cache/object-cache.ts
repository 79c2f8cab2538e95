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
}

class CachedObject implements Entry {
  readonly isTransient: boolean;
  readonly tags: readonly string[];
  readonly bytes: number;

  constructor(
    readonly value: unknown,
    readonly provenance: Provenance,
    readonly times: Times,
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

  keeps({ value }: CachedObject): boolean {
    return value !== null;
  }

  async set(key: string, { value, provenance, times }: CachedObject): Promise<void> {
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

  /**
   * @param key unique within the cache @param ttlSeconds the policy; the environment may override it by the cache's name
   * @throws what `look` throws: it is never answered from an expired entry
   */
  async get<T>(
    cache: CacheName,
    key: string,
    ttlSeconds: number,
    look: () => Promise<Looked<T>>,
  ): Promise<T> {
    const ttl = ttlOf(this.config, cache) ?? ttlSeconds;
    const { entry } = await this.tiered.read(`${cache}:${key}`, {
      cache,
      staleWhileRevalidateMs: 0,
      staleIfErrorMs: 0,
      remote: ttl > 0 ? 'unknown' : 'never',
      load: () => this.load(ttl, look),
    });
    // What was stored under this key came from a `look` of the same caller.
    return entry.value as T;
  }

  private async load<T>(ttlSeconds: number, look: () => Promise<Looked<T>>): Promise<CachedObject> {
    const { epoch } = this.tiers.coherence;
    const times = { storedAtMs: Date.now(), ttlMs: ttlSeconds * 1000 };
    const { value, tags, snapshot } = await look();
    return new CachedObject(value, { tags, snapshot: parseSnapshot(snapshot), epoch }, times);
  }
}
