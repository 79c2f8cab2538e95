import { Injectable } from '@nestjs/common';
import { HistoryGate } from '../coherence/history-gate.js';
import { ChangeFeed } from '../outbox/change-feed.js';
import { CacheInvalidator } from './cache-invalidator.js';

/**
 * Evicts the entries that a change touches. One listener serves all events: each event declares its tags where it is
 * defined, so no module can forget to evict. A new history of the database evicts everything.
 */
@Injectable()
export class EvictEntriesWhenChanged {
  constructor(feed: ChangeFeed, gate: HistoryGate, invalidator: CacheInvalidator) {
    feed.subscribe(({ xid, tags }) => void invalidator.invalidate(xid, tags));
    gate.onBegin(() => void invalidator.clear());
  }
}
