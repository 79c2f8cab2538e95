import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Pool } from 'pg';
import type { Inkwell } from './start-inkwell.js';

/** Reads or changes the database without the application. */
export async function query<Row extends object>(
  inkwell: Inkwell,
  sql: string,
  parameters: unknown[] = [],
): Promise<Row[]> {
  return (await inkwell.app.get(Pool).query<Row>(sql, parameters)).rows;
}

export interface OutboxRow {
  readonly event: string;
  readonly tags: string[];
  readonly payload: Record<string, unknown>;
}

/** The outbox rows that `work` creates, in order. */
export async function outboxOf(inkwell: Inkwell, work: () => Promise<unknown>): Promise<OutboxRow[]> {
  const [last] = await query<{ id: string }>(inkwell, 'SELECT coalesce(max(id), 0) AS id FROM outbox');
  await work();
  return query(inkwell, 'SELECT event, tags, payload FROM outbox WHERE id > $1 ORDER BY id', [last!.id]);
}

/** Waits until this many statements of the application wait for a lock. */
async function untilWaiting(inkwell: Inkwell, count: number): Promise<void> {
  const sql = `SELECT count(*)::int AS waiting FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  const deadline = Date.now() + 5_000;
  for (;;) {
    // Not on the connection that holds the lock, because this view does not change within a transaction.
    const [row] = await query<{ waiting: number }>(inkwell, sql);
    if (row!.waiting >= count) return;
    if (Date.now() > deadline) throw new Error(`${row!.waiting} of ${count} statements wait for the lock`);
    await sleep(10);
  }
}

/**
 * Makes a transaction and requests meet: the transaction has run `sql`, and commits when all requests wait for its
 * locks.
 */
export async function meeting<T>(
  inkwell: Inkwell,
  sql: string,
  parameters: unknown[],
  requests: () => readonly Promise<T>[],
): Promise<T[]> {
  const client = new Client({ connectionString: inkwell.databaseUrl });
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query(sql, parameters);
    const sent = requests();
    await untilWaiting(inkwell, sent.length);
    await client.query('COMMIT');
    return await Promise.all(sent);
  } finally {
    await client.end();
  }
}
