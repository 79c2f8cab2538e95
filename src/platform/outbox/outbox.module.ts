import { Global, Module } from '@nestjs/common';
import { Acknowledgements, CoherenceTally } from './acknowledgements.js';
import { ChangeFeed } from './change-feed.js';
import { ChangeReceiver } from './change-receiver.js';
import { OutboxChanges } from './outbox-changes.queries.js';
import { OutboxDispatcher } from './outbox-dispatcher.js';
import { OutboxFollower } from './outbox-follower.js';
import { OutboxLag } from './outbox-lag.js';
import { OutboxPruner } from './outbox-pruner.js';
import { TransactionRunner } from './transaction-runner.js';
import { WorkLoops } from './work-loops.js';
import { WriteAnnouncer } from './write-announcer.js';

/**
 * Every change is recorded in the outbox, in the same transaction. Each process follows the outbox to keep its caches
 * current. Work listeners handle each row once, in one of the processes.
 */
@Global()
@Module({
  providers: [
    Acknowledgements,
    ChangeFeed,
    ChangeReceiver,
    CoherenceTally,
    OutboxChanges,
    OutboxDispatcher,
    OutboxFollower,
    OutboxLag,
    OutboxPruner,
    TransactionRunner,
    WorkLoops,
    WriteAnnouncer,
  ],
  exports: [
    Acknowledgements,
    ChangeFeed,
    CoherenceTally,
    OutboxChanges,
    OutboxDispatcher,
    OutboxLag,
    TransactionRunner,
    WorkLoops,
  ],
})
export class OutboxModule {}
