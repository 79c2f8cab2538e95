import { EVERYTHING } from '../coherence/tag-journal.js';
import type { TieredCache, Tiers } from './tiered-cache.js';

type Fenced = Pick<TieredCache<never>, 'fence' | 'fenceAll'>;

/** Removes what carries a tag from every cache of this process, and lets nobody join a load that may have read it before. */
export class CacheInvalidator {
  constructor(
    private readonly tiers: Tiers,
    private readonly caches: readonly Fenced[],
  ) {}

  /** @returns how many entries went from memory */
  invalidate(xid: number, tags: readonly string[]): number {
    this.tiers.coherence.record(xid, tags);
    if (tags.includes(EVERYTHING)) return this.clear();
    const touched = new Set(tags);
    for (const cache of this.caches) cache.fence(touched);
    this.tiers.tally.invalidations += 1;
    return this.tiers.memory.evict(tags, xid);
  }

  /** How many entries of this process an invalidation of `tags` would remove. */
  count(tags: readonly string[]): number {
    const { memory } = this.tiers;
    return tags.includes(EVERYTHING) ? memory.entries : memory.count(tags);
  }

  /** Forgets everything in this process. @returns how many entries that were */
  clear(): number {
    const { entries } = this.tiers.memory;
    for (const cache of this.caches) cache.fenceAll();
    this.tiers.memory.clear();
    this.tiers.tally.invalidations += 1;
    return entries;
  }
}
