import { Injectable } from '@nestjs/common';
import { Counter, Histogram, register } from 'prom-client';
import { type CacheCounts, CacheTally } from '../cache/cache-tally.js';
import { MemoryStore } from '../cache/memory-store.js';
import { addSamples, type Sample } from './add-samples.js';
import { registerObservedGauge } from './observed-gauge.js';

/** From a read of a nearby Redis to a load that takes the whole time of a request. */
const BUCKETS_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** Exposes the cache's own counters to Prometheus. */
@Injectable()
export class CacheMetrics {
  constructor(
    private readonly tally: CacheTally,
    memory: MemoryStore<never>,
  ) {
    this.count('cache_hits_total', 'Answers from a cache, by tier.', ['cache', 'tier'], () =>
      this.each(({ hits }, cache) => [
        { labels: { cache, tier: 'memory' }, value: hits.memory },
        { labels: { cache, tier: 'redis' }, value: hits.redis },
      ]),
    );
    this.countEach('cache_misses_total', 'Answers that no cache had.', ({ misses }) => misses);
    this.countEach('cache_stale_total', 'Answers served after their TTL.', ({ stale }) => stale);
    this.countEach(
      'cache_coalesced_total',
      "Callers that shared another caller's load.",
      ({ coalesced }) => coalesced,
    );
    this.countEach(
      'cache_fenced_total',
      'Loads that a change overtook, so that they were not stored.',
      ({ fenced }) => fenced,
    );
    this.countEach(
      'cache_rejected_snapshots_total',
      'Entries of Redis that were discarded because a change came after them.',
      ({ rejected }) => rejected,
    );
    this.count('cache_invalidations_total', 'Changes that evicted entries.', [], () => [
      { labels: {}, value: tally.invalidations },
    ]);
    this.count('cache_errors_total', 'Failures of a tier. Each counts as a miss.', ['tier', 'op'], () =>
      this.errors(),
    );
    registerObservedGauge({
      name: 'cache_entries',
      help: 'Entries in memory.',
      read: () => ({ '': memory.entries }),
    });
    registerObservedGauge({
      name: 'cache_bytes',
      help: 'Bytes taken by the entries in memory.',
      read: () => ({ '': memory.bytes }),
    });
    this.observeLatency();
  }

  private count(name: string, help: string, labelNames: string[], read: () => Sample[]): void {
    register.removeSingleMetric(name);
    addSamples(new Counter({ name, help, labelNames }), read);
  }

  private countEach(name: string, help: string, read: (counts: CacheCounts) => number): void {
    this.count(name, help, ['cache'], () =>
      this.each((counts, cache) => [{ labels: { cache }, value: read(counts) }]),
    );
  }

  private each(samples: (counts: CacheCounts, cache: string) => Sample[]): Sample[] {
    return [...this.tally.all()].flatMap(([cache, counts]) => samples(counts, cache));
  }

  private errors(): Sample[] {
    return [...this.tally.errors].map(([place, value]) => {
      const [tier = '', op = ''] = place.split('/');
      return { labels: { tier, op }, value };
    });
  }

  private observeLatency(): void {
    const name = 'cache_latency_seconds';
    register.removeSingleMetric(name);
    const help = 'Time of the steps that a hit in memory saves: reading Redis, and loading.';
    const latency = new Histogram({ name, help, labelNames: ['cache', 'op'], buckets: BUCKETS_SECONDS });
    this.tally.observe = (cache, op, seconds) => latency.labels(cache, op).observe(seconds);
  }
}
