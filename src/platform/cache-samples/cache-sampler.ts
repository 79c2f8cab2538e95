import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { CacheTally } from '../cache/cache-tally.js';
import type { CacheName } from '../cache/cache-ttl.js';
import { noDurations } from '../cache/duration-buckets.js';

const MINUTE_MS = 60_000;
const KEPT_MINUTES = 60;

/** The work of one cache in one minute. */
export interface CacheMinute {
  readonly hits: number;
  readonly misses: number;
  /** Loads by duration: see DurationBuckets. */
  readonly loads: readonly number[];
}

export interface Sample {
  /** Minutes since 1970. */
  readonly minute: number;
  /** Caches that nobody asked are left out. */
  readonly caches: Readonly<Partial<Record<CacheName, CacheMinute>>>;
}

type Totals = ReadonlyMap<CacheName, CacheMinute>;

/**
 * Keeps what the caches of this process did in each of the last sixty minutes. It only reads the counters that exist, once
 * a minute, so a hit costs no more.
 */
@Injectable()
export class CacheSampler implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly ended: Sample[] = [];
  private before: Totals;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly tally: CacheTally) {
    this.before = totalsOf(tally);
  }

  onApplicationBootstrap(): void {
    this.wait();
  }

  onApplicationShutdown(): void {
    clearTimeout(this.timer);
  }

  private wait(): void {
    const nowMs = Date.now();
    const minute = minuteOf(nowMs);
    this.timer = setTimeout(
      () => {
        this.endMinute(minute);
        this.wait();
      },
      (minute + 1) * MINUTE_MS - nowMs,
    ).unref();
  }

  /** Call this when a minute is over. */
  endMinute(minute: number): void {
    const totals = totalsOf(this.tally);
    this.ended.push({ minute, caches: difference(totals, this.before) });
    this.before = totals;
    if (this.ended.length > KEPT_MINUTES - 1) this.ended.shift();
  }

  /** The last hour, oldest first. The minute that has begun comes last. */
  samples(): Sample[] {
    const begun = { minute: minuteOf(Date.now()), caches: difference(totalsOf(this.tally), this.before) };
    return [...this.ended, begun];
  }
}

export const minuteOf = (ms: number): number => Math.floor(ms / MINUTE_MS);

const totalsOf = (tally: CacheTally): Totals =>
  new Map(
    [...tally.all()].map(([cache, { hits, misses, loads }]) => [
      cache,
      { hits: hits.memory + hits.redis, misses, loads: [...loads.counts] },
    ]),
  );

function difference(now: Totals, before: Totals): Sample['caches'] {
  const changed = [...now].flatMap(([cache, total]) => {
    const { hits, misses, loads } = before.get(cache) ?? { hits: 0, misses: 0, loads: noDurations() };
    if (total.hits === hits && total.misses === misses) return [];
    const newLoads = total.loads.map((count, bucket) => count - loads[bucket]!);
    return [[cache, { hits: total.hits - hits, misses: total.misses - misses, loads: newLoads }]] as const;
  });
  return Object.fromEntries(changed);
}
