import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { PoolClient, QueryResult } from 'pg';
import { DataSource, type EntityManager, type QueryRunner } from 'typeorm';
import { type Change, ChangeFeed } from '../events/change-feed.js';
import type { DomainEvent } from '../events/define-event.js';
import { queriesFor } from './query-purpose.js';

const ATTEMPTS = 3;
const SERIALIZATION_FAILURE = '40001';
const DEADLOCK_DETECTED = '40P01';

const INSERT_OUTBOX = `
  INSERT INTO outbox (writer, event, payload, tags)
  SELECT $1, row->>'type', row->'payload', ARRAY(SELECT jsonb_array_elements_text(row->'tags'))
  FROM jsonb_array_elements($2::jsonb) AS row
  RETURNING id::text, xid::text, event, payload, tags`;

/** The commit was answered with ROLLBACK: PostgreSQL had aborted the transaction. Nothing was changed. */
class CommitRefused extends Error {}

/** What a unit of work may use: everything it does through these happens together or not at all. */
export class Transaction {
  private readonly events: DomainEvent[] = [];

  constructor(
    readonly manager: EntityManager,
    private readonly client: PoolClient,
  ) {}

  query<Row extends object>(sql: string, parameters: unknown[] = []): Promise<QueryResult<Row>> {
    return this.client.query<Row>(sql, parameters);
  }

  /** Puts an event into the outbox of this transaction: it exists exactly when the change does. */
  record(event: DomainEvent): void {
    this.events.push(event);
  }

  /** @internal @returns the rows, which become changes with the commit */
  async writeOutbox(writer: string): Promise<Change[]> {
    if (this.events.length === 0) return [];
    const { rows } = await this.client.query<Change & { xid: string }>(INSERT_OUTBOX, [
      writer,
      JSON.stringify(this.events),
    ]);
    return rows.map((row) => ({ ...row, xid: Number(row.xid) }));
  }
}

const isRetryable = (error: unknown): boolean => {
  const code = (error as { code?: unknown } | null)?.code;
  return code === SERIALIZATION_FAILURE || code === DEADLOCK_DETECTED;
};

/** The one way to change data: a transaction and its outbox rows. */
@Injectable()
export class TransactionRunner implements BeforeApplicationShutdown {
  /** Names this process in the outbox. */
  readonly writer = randomUUID();
  private telling: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly dataSource: DataSource,
    private readonly feed: ChangeFeed,
  ) {}

  /**
   * Runs `work` in one READ COMMITTED transaction; a deadlock runs it again, so it must touch nothing but the database.
   * @throws what `work` throws, after a rollback; CommitRefused when the commit was turned into a rollback
   */
  run<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return queriesFor('write', () => this.runUntilDone(work));
  }

  private async runUntilDone<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const { result, changes } = await this.attempt(work);
        await this.announce(changes);
        return result;
      } catch (error) {
        if (attempt === ATTEMPTS || !isRetryable(error)) throw error;
      }
    }
  }

  /** A command ends right after its change: the others are told before the pool closes. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.telling;
  }

  /** The caches of this process are rid of what is old before the caller answers; other processes are told. */
  private async announce(changes: readonly Change[]): Promise<void> {
    if (changes.length === 0) return;
    for (const change of changes) await this.feed.publish(change);
    // Not in the transaction: NOTIFY holds a database-wide lock through its commit. Followers poll, should it be lost.
    this.telling = queriesFor('bus', () => this.dataSource.query(`SELECT pg_notify('outbox', '')`)).catch(
      () => undefined,
    );
  }

  private async attempt<T>(
    work: (transaction: Transaction) => Promise<T>,
  ): Promise<{ result: T; changes: Change[] }> {
    const runner = this.dataSource.createQueryRunner();
    try {
      const client = (await runner.connect()) as PoolClient;
      await runner.startTransaction();
      const transaction = new Transaction(runner.manager, client);
      const result = await work(transaction);
      const changes = await transaction.writeOutbox(this.writer);
      await commit(runner, client);
      return { result, changes };
    } catch (error) {
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      throw error;
    } finally {
      await runner.release();
    }
  }
}

/** TypeORM's own commit throws the command tag away; only the tag tells a commit from a rollback. */
async function commit(runner: QueryRunner, client: PoolClient): Promise<void> {
  const { command } = await client.query('COMMIT');
  // Read-only in its type, because TypeORM wants to commit by itself.
  (runner as { isTransactionActive: boolean }).isTransactionActive = false;
  if (command !== 'COMMIT') throw new CommitRefused(`COMMIT was answered with ${command}`);
}
