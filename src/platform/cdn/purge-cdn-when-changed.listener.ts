import { Injectable } from '@nestjs/common';
import type { Transaction } from '../database/transaction-runner.js';
import { OutboxDispatcher } from '../work/outbox-dispatcher.js';
import type { OutboxEvent, WorkListener } from '../work/work-listener.js';
import { CdnPurger } from './cdn-purger.js';
import { cdnTags } from './cdn-tag.js';
import { PurgeQueue } from './purge-queue.queries.js';

/** After the commit, when the caches of the processes have been told: what the CDN loads then is new. */
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
