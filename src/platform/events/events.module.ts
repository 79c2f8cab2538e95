import { Global, Module } from '@nestjs/common';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { ChangeFeed } from './change-feed.js';

@Global()
@Module({
  imports: [EventEmitterModule.forRoot({ wildcard: true, delimiter: '.' })],
  providers: [ChangeFeed],
  exports: [ChangeFeed],
})
export class EventsModule {}
