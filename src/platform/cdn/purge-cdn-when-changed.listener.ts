import { Injectable } from '@nestjs/common';
import { OutboxDispatcher } from '../outbox/outbox-dispatcher.js';
import type { Transaction } from '../outbox/transaction-runner.js';
import type { OutboxEvent, WorkListener } from '../outbox/work-listener.js';
import { CdnPurger } from './cdn-purger.js';
import { cdnTags } from './cdn-tag.js';
import { PurgeQueue } from './purge-queue.queries.js';

/**
 * Purges after the commit, when all processes have evicted their entries, so that the CDN then loads current answers.
 */
@Injectable()
export class PurgeCdnWhenChanged implements WorkListener {
  readonly name = 'cdn';
  readonly events = 'all';

  constructor(
    dispatcher: OutboxDispatcher,
    private readonly queue: PurgeQueue,
    private readonly purger: CdnPurger,
  ) {
    dispatcher.register(this);
  }

  take(tx: Transaction, events: readonly OutboxEvent[]): Promise<void> {
    return this.queue.add(tx, cdnTags(events.flatMap(({ tags }) => tags)));
  }

  onTaken(): void {
    this.purger.wake();
  }
}
