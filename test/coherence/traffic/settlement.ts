import { setTimeout as sleep } from 'node:timers/promises';
import type { PostgresServer } from '../cluster/postgres-server.js';

/** Longer than what a link has held up takes to arrive once it is released. */
const ARRIVAL_MS = 250;
const RETRY_MS = 100;

/**
 * Tells when requests to replicas that answered 503 or were killed can have no further effect. Replicas send one
 * statement after the other. If a transaction has not begun, only its BEGIN can still arrive, and one that has begun is
 * visible until it ends.
 */
export class Settlement {
  private next: Promise<void> | undefined;

  constructor(private readonly postgres: PostgresServer) {}

  async reached(): Promise<void> {
    await sleep(ARRIVAL_MS);
    await (this.next ??= this.ended());
  }

  /** Callers share a check that has not started yet. */
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
