import { Global, Module } from '@nestjs/common';
import { OutboxDispatcher } from './outbox-dispatcher.js';
import { OutboxLag } from './outbox-lag.js';
import { WorkLoops } from './work-loops.js';

/** Work that is done once, in some process, about what changed. */
@Global()
@Module({
  providers: [OutboxDispatcher, OutboxLag, WorkLoops],
  exports: [OutboxDispatcher, OutboxLag, WorkLoops],
})
export class WorkModule {}
