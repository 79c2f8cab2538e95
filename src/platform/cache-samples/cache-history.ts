import type { CacheName } from '../cache/cache-ttl.js';
import { addCounts, noDurations, quantileMs } from '../cache/duration-buckets.js';
import type { CacheMinute, Sample } from './cache-sampler.js';

const MINUTES = 60;

/** The work of a cache in one minute, over all processes. */
interface HistoryPoint {
  /** Minutes since 1970. */
  readonly minute: number;
  readonly hits: number;
  readonly misses: number;
  /** From 0 to 1. Null in a minute without any read. */
  readonly hitRatio: number | null;
  /** How long loads took, in milliseconds. Null in a minute without a load. */
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

export interface CacheHistory {
  readonly cache: CacheName;
  /** One a minute, oldest first. */
  readonly points: readonly HistoryPoint[];
  /** The whole hour as one point. */
  readonly total: HistoryPoint;
}

const NOTHING: CacheMinute = { hits: 0, misses: 0, loads: noDurations() };

const sum = (one: CacheMinute, other: CacheMinute): CacheMinute => ({
  hits: one.hits + other.hits,
  misses: one.misses + other.misses,
  loads: addCounts(one.loads, other.loads),
});

function pointOf(minute: number, { hits, misses, loads }: CacheMinute): HistoryPoint {
  const hitRatio = hits + misses === 0 ? null : hits / (hits + misses);
  const [p50, p95, p99] = [quantileMs(loads, 0.5), quantileMs(loads, 0.95), quantileMs(loads, 0.99)];
  return { minute, hits, misses, hitRatio, p50, p95, p99 };
}

/**
 * Adds up the samples of several processes.
 * @param lastMinute minutes since 1970, the last of the sixty
 * @returns the caches that were used within the hour, by name
 */
export function historiesOf(samples: readonly Sample[], lastMinute: number): CacheHistory[] {
  const byCache = new Map<CacheName, Map<number, CacheMinute>>();
  for (const { minute, caches } of samples) {
    if (minute <= lastMinute - MINUTES || minute > lastMinute) continue;
    for (const [cache, counts] of Object.entries(caches) as [CacheName, CacheMinute][]) {
      const minutes = byCache.get(cache) ?? new Map<number, CacheMinute>();
      minutes.set(minute, sum(minutes.get(minute) ?? NOTHING, counts));
      byCache.set(cache, minutes);
    }
  }
  return [...byCache]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([cache, minutes]) => ({
      cache,
      points: Array.from({ length: MINUTES }, (_, i) => {
        const minute = lastMinute - MINUTES + 1 + i;
        return pointOf(minute, minutes.get(minute) ?? NOTHING);
      }),
      total: pointOf(lastMinute, [...minutes.values()].reduce(sum)),
    }));
}
