import type { Transaction } from './transaction-runner.js';

/** An event as stored in the outbox. */
export interface OutboxEvent {
  /** The id of the row. */
  readonly id: string;
  readonly event: string;
  readonly payload: unknown;
  readonly tags: readonly string[];
  readonly createdAt: Date;
}

/**
 * Reacts to every change once, in one of the processes. Writes its own rows in the same transaction that advances its
 * cursor, so a crash neither loses an event nor duplicates its rows.
 */
export interface WorkListener {
  /** The unique name of the listener. Its cursor is stored under this name. */
  readonly name: string;
  /** The events that the listener receives. */
  readonly events: readonly string[] | 'all';
  /** @param events committed events; those about the same thing are in order @throws to receive them again later */
  take(tx: Transaction, events: readonly OutboxEvent[]): Promise<void>;
  /** Called when the transaction of `take` has committed. */
  onTaken(): void;
}
