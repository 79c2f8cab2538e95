import { Injectable } from '@nestjs/common';
import type { PoolClient, QueryResult } from 'pg';
import { DataSource, type EntityManager, type QueryRunner } from 'typeorm';
import { WriteAnnouncer } from '../coherence/write-announcer.js';
import type { Change } from '../events/change-feed.js';
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

  /** Of everything recorded so far. */
  get tags(): string[] {
    return [...new Set(this.events.flatMap(({ tags }) => tags))];
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

/** What was committed, and what is left to wait for before its answer. */
interface Committed<T> {
  readonly result: T;
  readonly answerable: Promise<void>;
}

/** The one way to change data: a transaction and its outbox rows. */
@Injectable()
export class TransactionRunner {
  constructor(
    private readonly dataSource: DataSource,
    private readonly announcer: WriteAnnouncer,
  ) {}

  /**
   * Runs `work` in one READ COMMITTED transaction; a deadlock runs it again, so it must touch nothing but the database.
   * Resolves when no process serves from its caches what was before it.
   * @throws what `work` throws, after a rollback; CommitRefused when the commit was turned into a rollback
   */
  run<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return queriesFor('write', () => this.runUntilDone(work));
  }

  private async runUntilDone<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const { result, answerable } = await this.attempt(work);
        await answerable;
        return result;
      } catch (error) {
        if (attempt === ATTEMPTS || !isRetryable(error)) throw error;
      }
    }
  }

  private async attempt<T>(work: (transaction: Transaction) => Promise<T>): Promise<Committed<T>> {
    const runner = this.dataSource.createQueryRunner();
    let isFree: Promise<void> = Promise.resolve();
    try {
      const client = (await runner.connect()) as PoolClient;
      await runner.startTransaction();
      const transaction = new Transaction(runner.manager, client);
      const result = await work(transaction);
      const [first, ...others] = await transaction.writeOutbox(this.announcer.writer);
      if (first === undefined) {
        await commit(runner, client);
        return { result, answerable: isFree };
      }
      const write = this.announcer.expect([first, ...others]);
      await commit(runner, client).catch((error: unknown) => {
        write.abandoned();
        throw error;
      });
      const { announced, answerable } = write.committed(client);
      isFree = announced;
      return { result, answerable };
    } catch (error) {
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      throw error;
    } finally {
      // The answer does not wait for a connection that hangs.
      void isFree.then(() => runner.release());
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
