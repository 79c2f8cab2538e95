import { Injectable } from '@nestjs/common';
import type { PoolClient, QueryResult } from 'pg';
import { DataSource, type EntityManager } from 'typeorm';
import type { Change } from '../coherence/notification.js';
import { queriesFor } from '../database/query-purpose.js';
import { commit, type CommitReply, OutcomeUnknown } from './commit.js';
import type { DomainEvent } from './define-event.js';
import { WriteAnnouncer } from './write-announcer.js';

const ATTEMPTS = 3;
const SERIALIZATION_FAILURE = '40001';
const DEADLOCK_DETECTED = '40P01';

/** Its name is part of the connection: no two statements have the same. */
interface PreparedStatement {
  readonly name: string;
  readonly text: string;
  readonly values: unknown[];
}

const INSERT_OUTBOX = {
  name: 'insert outbox rows',
  text: `
    INSERT INTO outbox (writer, event, payload, tags)
    SELECT $1, row->>'type', row->'payload', ARRAY(SELECT jsonb_array_elements_text(row->'tags'))
    FROM jsonb_array_elements($2::jsonb) AS row
    RETURNING id::text, xid::text, event, payload, tags`,
};

/** The transaction that a unit of work runs in. Everything done through it happens together or not at all. */
export class Transaction {
  private readonly events: DomainEvent[] = [];

  constructor(
    readonly manager: EntityManager,
    private readonly client: PoolClient,
  ) {}

  query<Row extends object>(sql: string, parameters: unknown[] = []): Promise<QueryResult<Row>> {
    return this.client.query<Row>(sql, parameters);
  }

  /**
   * Like `query`, but each connection plans the statement only once. For statements that run with every change of a
   * post.
   */
  queryPrepared<Row extends object>(statement: PreparedStatement): Promise<QueryResult<Row>> {
    return this.client.query<Row>(statement);
  }

  /** Adds an event to the outbox in this transaction, so that it exists exactly if the change does. */
  record(event: DomainEvent): void {
    this.events.push(event);
  }

  /** The tags of all events recorded so far. */
  get tags(): string[] {
    return [...new Set(this.events.flatMap(({ tags }) => tags))];
  }

  /** @internal @returns the rows, which become changes when the transaction commits */
  async writeOutbox(writer: string): Promise<Change[]> {
    if (this.events.length === 0) return [];
    const { rows } = await this.queryPrepared<Change & { xid: string }>({
      ...INSERT_OUTBOX,
      values: [writer, JSON.stringify(this.events)],
    });
    return rows.map((row) => ({ ...row, xid: Number(row.xid) }));
  }
}

const isRetryable = (error: unknown): boolean => {
  const code = (error as { code?: unknown } | null)?.code;
  return code === SERIALIZATION_FAILURE || code === DEADLOCK_DETECTED;
};

/** The result of a commit, and what its answer still has to wait for. */
interface CommittedWork<T> extends CommitReply {
  readonly result: T;
  readonly answerable: Promise<void>;
}

/** The only way to change data: a transaction together with its outbox rows. */
@Injectable()
export class TransactionRunner {
  constructor(
    private readonly dataSource: DataSource,
    private readonly announcer: WriteAnnouncer,
  ) {}

  /**
   * Runs `work` in one READ COMMITTED transaction. After a deadlock it runs `work` again, so `work` must touch nothing
   * but the database. Resolves when no process serves cached data from before the commit.
   * @throws what `work` throws, after a rollback; CommitRefused if COMMIT became a rollback; OutcomeUnknown if the
   * transaction may have been committed, or may yet be
   */
  run<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return queriesFor('write', async () => {
      const { result, answerable, isReplicated } = await this.commitOnce(work);
      // After this point, nothing may run the work again.
      await answerable;
      if (!isReplicated) throw new OutcomeUnknown(new Error('The standby did not confirm the commit'));
      return result;
    });
  }

  private async commitOnce<T>(work: (transaction: Transaction) => Promise<T>): Promise<CommittedWork<T>> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.attempt(work);
      } catch (error) {
        if (attempt === ATTEMPTS || !isRetryable(error)) throw error;
      }
    }
  }

  private async attempt<T>(work: (transaction: Transaction) => Promise<T>): Promise<CommittedWork<T>> {
    const runner = this.dataSource.createQueryRunner();
    let isFree: Promise<void> = Promise.resolve();
    try {
      const client = (await runner.connect()) as PoolClient;
      await runner.startTransaction();
      const transaction = new Transaction(runner.manager, client);
      const result = await work(transaction);
      const [first, ...others] = await transaction.writeOutbox(this.announcer.writer);
      const write = first === undefined ? undefined : this.announcer.expect(client, [first, ...others]);
      // The transaction ends here in any case. The field is read-only in TypeORM's types, because TypeORM expects to
      // commit itself.
      (runner as { isTransactionActive: boolean }).isTransactionActive = false;
      const { isReplicated } = await commit(client).catch((error: unknown) => {
        // If the transaction was committed after all, every process learns of it from the outbox, including this one.
        write?.abandoned();
        throw error;
      });
      if (write === undefined) return { result, isReplicated, answerable: isFree };
      const { announced, answerable } = write.committed();
      isFree = announced;
      return { result, isReplicated, answerable };
    } catch (error) {
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      throw error;
    } finally {
      // The answer does not wait for a connection that hangs.
      void isFree.then(() => runner.release());
    }
  }
}
