import { Injectable } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import type { Change } from '../events/change-feed.js';
import { CacheInvalidator } from './cache-invalidator.js';

/**
 * Evicts what a change made old. One listener for all events: what each one touches stands beside it, as tags, so no
 * module can forget to evict. It listens from its construction on: `@OnEvent` would begin when the application has
 * started, after the changes that are read while it starts.
 */
@Injectable()
export class EvictAnswersWhenChanged {
  constructor(emitter: EventEmitter2, invalidator: CacheInvalidator) {
    emitter.on('**', ({ xid, tags }: Change) => {
      invalidator.invalidate(xid, tags);
    });
  }
}
