import type { Transaction } from '../database/transaction-runner.js';

/** What happened, as the outbox has it. */
export interface OutboxEvent {
  /** Of the row. */
  readonly id: string;
  readonly event: string;
  readonly payload: unknown;
  readonly tags: readonly string[];
  readonly createdAt: Date;
}

/**
 * Reacts to every change once, in some process. What it takes it makes rows of its own of, in the transaction that says
 * that it took them: an event is lost by no crash, and none makes two rows.
 */
export interface WorkListener {
  /** Its place in the outbox is kept by this name, which no other listener may have. */
  readonly name: string;
  /** The events it wants. */
  readonly events: readonly string[] | 'all';
  /** @param events committed ones, those of one thing in the order they happened @throws to be given them again later */
  take(tx: Transaction, events: readonly OutboxEvent[]): Promise<void>;
  /** Called when the transaction of `take` has committed. */
  onTaken(): void;
}
