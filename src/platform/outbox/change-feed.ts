import { Injectable } from '@nestjs/common';
import type { Change } from '../coherence/notification.js';

/** A module's reaction to a committed change. The writer waits for it. */
export type ChangeListener = (change: Change) => void | Promise<void>;

/**
 * How many changes are remembered to detect duplicates. A change made in this process arrives twice: at once from its
 * writer, and a moment later from the outbox.
 */
const REMEMBERED = 10_000;

/** Passes each committed change to the listeners of this process once. */
@Injectable()
export class ChangeFeed {
  private readonly listeners: ChangeListener[] = [];
  private readonly published = new Map<string, Promise<unknown>>();
  private epoch = '';

  /** Call this from a constructor, because changes are read before the application has started. */
  subscribe(listener: ChangeListener): void {
    this.listeners.push(listener);
  }

  /** Begins a history, in which ids of rows may repeat. */
  begin(epoch: string): void {
    this.epoch = epoch;
    this.published.clear();
  }

  /**
   * Resolves when every listener has reacted. Ignores changes of a history that has ended.
   * @param epoch of the history that the change was read in
   * @throws if a listener fails
   */
  async publish(change: Change, epoch: string): Promise<void> {
    if (epoch !== this.epoch) return;
    const reactions = this.published.get(change.id) ?? this.react(change);
    this.published.set(change.id, reactions);
    const oldest = this.published.keys().next();
    if (this.published.size > REMEMBERED && oldest.done !== true) this.published.delete(oldest.value);
    await reactions.catch((error: unknown) => {
      // Forgets the change, so that it is tried again when it next arrives.
      this.published.delete(change.id);
      throw error;
    });
  }

  private async react(change: Change): Promise<void> {
    await Promise.all(this.listeners.map(async (listener) => listener(change)));
  }
}
