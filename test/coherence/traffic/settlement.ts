import { setTimeout as sleep } from 'node:timers/promises';
import type { PostgresServer } from '../cluster/postgres-server.js';

/** Longer than what a link has held up is on its way once it may go on. */
const ARRIVAL_MS = 250;
const RETRY_MS = 100;

/**
 * Tells when nothing can happen any more of what was sent to replicas that answered 503, or were killed. They send one statement
 * after the other: what still arrives of a transaction that has not begun is its BEGIN alone, and one that has begun is
 * seen until it ends.
 */
export class Settlement {
  private next: Promise<void> | undefined;

  constructor(private readonly postgres: PostgresServer) {}

  async reached(): Promise<void> {
    await sleep(ARRIVAL_MS);
    await (this.next ??= this.ended());
  }

  /** Those who ask before it begins share it. */
  private async ended(): Promise<void> {
    await sleep(RETRY_MS);
    this.next = undefined;
    for (;;) {
      try {
        return await this.postgres.untilTransactionsEnd();
      } catch {
        // PostgreSQL is away.
        await sleep(RETRY_MS);
      }
    }
  }
}
