import type { CacheName } from './cache-ttl.js';
import { DurationBuckets } from './duration-buckets.js';

export type Tier = 'memory' | 'redis';

/** Counters of one cache. They are plain numbers, which are read when Prometheus scrapes. */
export class CacheCounts {
  hits = { memory: 0, redis: 0 };
  misses = 0;
  /** Answers served after their TTL, during revalidation or because PostgreSQL cannot be reached. */
  stale = 0;
  /** Callers that shared another caller's load. */
  coalesced = 0;
  /** Loads that a change overtook, so that their result was not stored. */
  fenced = 0;
  /** Entries from Redis that were discarded because a change came after their snapshot. */
  rejected = 0;
  readonly loads = new DurationBuckets();
}

export type ObserveLatency = (
  cache: CacheName,
  op: 'load' | 'redis_get' | 'redis_set',
  seconds: number,
) => void;

/** All counters of the cache. The metrics module reads them and observes the latencies. */
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

  /** Call this when a load has ended, whether or not its result was stored. */
  loaded(cache: CacheName, seconds: number): void {
    this.of(cache).loads.add(seconds);
    this.observe(cache, 'load', seconds);
  }

  /** @param place `tier/op`, such as `redis/get` */
  countError(place: `${Tier}/${string}`): void {
    this.errors.set(place, (this.errors.get(place) ?? 0) + 1);
  }
}
