import { Injectable } from '@nestjs/common';
import { OnEvent } from '@nestjs/event-emitter';
import type { Change } from '../events/change-feed.js';
import { CacheInvalidator } from './cache-invalidator.js';

/**
 * Evicts what a change made old. One listener for all events: what each one touches stands beside it, as tags, so no
 * module can forget to evict.
 */
@Injectable()
export class EvictAnswersWhenChanged {
  constructor(private readonly invalidator: CacheInvalidator) {}

  @OnEvent('**', { suppressErrors: false })
  onChange({ xid, tags }: Change): void {
    this.invalidator.invalidate(xid, tags);
  }
}
