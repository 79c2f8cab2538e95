import { Injectable } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';

/** A committed outbox row: what happened, and which transaction made it so. */
export interface Change {
  /** Of the row: tells a change that is already known. */
  readonly id: string;
  readonly xid: number;
  readonly event: string;
  readonly payload: unknown;
  readonly tags: readonly string[];
}

/** A change comes twice when it was made here: from its writer at once, from the outbox a moment later. */
const REMEMBERED = 10_000;

/** Hands committed changes to the listeners of this process, once each, by the name of their event. */
@Injectable()
export class ChangeFeed {
  private readonly published = new Map<string, Promise<unknown>>();

  constructor(private readonly emitter: EventEmitter2) {}

  /** Resolves when every listener has reacted. @throws when one failed */
  async publish(change: Change): Promise<void> {
    const reactions = this.published.get(change.id) ?? this.emitter.emitAsync(change.event, change);
    this.published.set(change.id, reactions);
    const oldest = this.published.keys().next();
    if (this.published.size > REMEMBERED && oldest.done !== true) this.published.delete(oldest.value);
    await reactions.catch((error: unknown) => {
      // The next time it comes it is tried again.
      this.published.delete(change.id);
      throw error;
    });
  }
}
