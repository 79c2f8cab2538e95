import { Injectable } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'pg';
import { Acknowledgements } from '../outbox/acknowledgements.js';
import { TransactionRunner } from '../outbox/transaction-runner.js';
import { CacheSamplesAsked } from './cache-samples.events.js';
import type { ProcessReport } from './process-report.js';

/** A process that has not answered by then is shown as silent. */
const PATIENCE_MS = 1_000;
const LOOK_EVERY_MS = 25;

/** Shown to people only, so PostgreSQL's clock is good enough to tell who holds a lease. */
const READ = `
  SELECT r.id, r.expires_at > clock_timestamp() AS holds_lease, s.samples AS report
  FROM replica r LEFT JOIN cache_samples s ON s.replica = r.id AND s.at >= $1::text::timestamptz
  ORDER BY r.id`;

/** A process on this database. */
export interface WatchedReplica {
  readonly id: string;
  readonly holdsLease: boolean;
  /** This process. */
  readonly isAsker: boolean;
  /** Undefined if it did not answer within a second. */
  readonly report: ProcessReport | undefined;
}

interface WatchedRow {
  readonly id: string;
  readonly holds_lease: boolean;
  readonly report: ProcessReport | null;
}

/** Collects the samples of all processes on this database, only when somebody asks. */
@Injectable()
export class CacheWatch {
  constructor(
    private readonly pool: Pool,
    private readonly transactions: TransactionRunner,
    private readonly replicas: Acknowledgements,
  ) {}

  /** Resolves after a second at the latest. @returns every process that has or recently had a lease, by id */
  async collect(): Promise<WatchedReplica[]> {
    const askedAt = await this.ask();
    const deadlineMs = performance.now() + PATIENCE_MS;
    for (;;) {
      const watched = await this.answersSince(askedAt);
      const isComplete = watched.every(({ report }) => report !== undefined);
      if (isComplete || performance.now() > deadlineMs) return watched;
      await sleep(LOOK_EVERY_MS);
    }
  }

  /** @returns the time of the question by PostgreSQL's clock, as text, which keeps its microseconds */
  private ask(): Promise<string> {
    return this.transactions.run(async (tx) => {
      const { rows } = await tx.query<{ at: string }>('SELECT clock_timestamp()::text AS at');
      tx.record(CacheSamplesAsked({}));
      return rows[0]!.at;
    });
  }

  private async answersSince(at: string): Promise<WatchedReplica[]> {
    const { rows } = await this.pool.query<WatchedRow>(READ, [at]);
    return rows.map(({ id, holds_lease: holdsLease, report }) => ({
      id,
      holdsLease,
      isAsker: id === this.replicas.replica,
      report: report ?? undefined,
    }));
  }
}
