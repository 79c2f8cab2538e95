import { Injectable } from '@nestjs/common';
import { CacheInvalidator } from '../../cache/cache-invalidator.js';
import { EVERYTHING } from '../../coherence/tag-journal.js';
import { defineEvent } from '../../outbox/define-event.js';
import { TransactionRunner } from '../../outbox/transaction-runner.js';
import { pathTagOf } from '../cached-route.js';

/** The target of a purge: exactly one of the three. */
export interface PurgeTarget {
  readonly tag?: string | undefined;
  /** The path of a page or an API route, with any query. */
  readonly path?: string | undefined;
  readonly all?: true | undefined;
}

/** Someone changed data outside of the application, and names what is outdated. */
const CachePurged = defineEvent('cache.purged', ({ tag, path }: PurgeTarget) => {
  if (tag !== undefined) return [tag];
  return [path === undefined ? EVERYTHING : pathTagOf(path)];
});

/** Purges answers that no event has made outdated. */
@Injectable()
export class CachePurger {
  constructor(
    private readonly transactions: TransactionRunner,
    private readonly invalidator: CacheInvalidator,
  ) {}

  /**
   * Purges by an event, like any other change: every process on this database evicts the entries with the tags, running
   * loads are not stored, and older entries in L2 are discarded.
   * @returns the tags, and the number of entries that this process evicted
   */
  async purge(target: PurgeTarget): Promise<{ tags: readonly string[]; evicted: number }> {
    const event = CachePurged(target);
    const evicted = this.invalidator.count(event.tags);
    await this.transactions.run(async (transaction) => transaction.record(event));
    return { tags: event.tags, evicted };
  }
}
