import { Injectable } from '@nestjs/common';
import { TransactionRunner } from '../database/transaction-runner.js';
import { CacheInvalidator } from './cache-invalidator.js';
import { CachePurged, type PurgeTarget } from './cache.events.js';

/** Makes answers old that no event has made old. */
@Injectable()
export class CachePurger {
  constructor(
    private readonly transactions: TransactionRunner,
    private readonly invalidator: CacheInvalidator,
  ) {}

  /**
   * A change like any other: every process of this database evicts what carries the tags, loads under way are not
   * stored, and what L2 holds from before is not believed.
   * @returns the tags, and how many entries this process held under them
   */
  async purge(target: PurgeTarget): Promise<{ tags: readonly string[]; evicted: number }> {
    const event = CachePurged(target);
    const evicted = this.invalidator.count(event.tags);
    await this.transactions.run(async (transaction) => transaction.record(event));
    return { tags: event.tags, evicted };
  }
}
