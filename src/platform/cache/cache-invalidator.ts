import { EVERYTHING } from '../coherence/tag-journal.js';
import type { Tiers } from './tiers.js';

/** Evicts the entries with a tag from this process's memory, and detaches the loads that may have read older data. */
export class CacheInvalidator {
  constructor(private readonly tiers: Tiers) {}

  /** @returns the number of entries evicted from memory */
  invalidate(xid: number, tags: readonly string[]): number {
    const { coherence, flights, memory, tally } = this.tiers;
    coherence.record(xid, tags);
    if (tags.includes(EVERYTHING)) return this.clear();
    flights.fence();
    tally.invalidations += 1;
    return memory.evict(tags, xid);
  }

  /** The number of entries in this process that an invalidation of `tags` would evict. */
  count(tags: readonly string[]): number {
    const { memory } = this.tiers;
    return tags.includes(EVERYTHING) ? memory.entries : memory.count(tags);
  }

  /** Evicts every entry of this process. @returns the number of entries evicted */
  clear(): number {
    const { flights, memory, tally } = this.tiers;
    const { entries } = memory;
    flights.fence();
    memory.clear();
    tally.invalidations += 1;
    return entries;
  }
}
