import type { CacheName } from './cache-declaration.js';

export type Tier = 'memory' | 'redis';

/** Counts of one cache as plain numbers, read when Prometheus scrapes. */
export class CacheCounts {
  hits = { memory: 0, redis: 0 };
  misses = 0;
  /** Answers served after their TTL: while revalidating, or because the database is away. */
  stale = 0;
  /** Callers who shared the load of another. */
  coalesced = 0;
  /** Loads that an invalidation overtook, whose result was not stored. */
  fenced = 0;
  /** Entries of Redis that were not believed, because a change came after their snapshot. */
  rejected = 0;
}

export type ObserveLatency = (
  cache: CacheName,
  op: 'load' | 'redis_get' | 'redis_set',
  seconds: number,
) => void;

/** What the whole cache counts. The metrics module reads it and listens to the latencies. */
export class CacheTally {
  private readonly byCache = new Map<CacheName, CacheCounts>();
  invalidations = 0;
  readonly errors = new Map<string, number>();
  observe: ObserveLatency = () => undefined;

  of(cache: CacheName): CacheCounts {
    let counts = this.byCache.get(cache);
    if (counts === undefined) this.byCache.set(cache, (counts = new CacheCounts()));
    return counts;
  }

  all(): ReadonlyMap<CacheName, CacheCounts> {
    return this.byCache;
  }

  /** @param place `tier/op`, such as `redis/get` */
  countError(place: `${Tier}/${string}`): void {
    this.errors.set(place, (this.errors.get(place) ?? 0) + 1);
  }
}
