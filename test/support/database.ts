import { Pool } from 'pg';
import type { Inkwell } from './start-inkwell.js';

/** Looks into, or changes, the database behind the application's back. */
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

/** The outbox rows that `work` makes, in order. */
export async function outboxOf(inkwell: Inkwell, work: () => Promise<unknown>): Promise<OutboxRow[]> {
  const [last] = await query<{ id: string }>(inkwell, 'SELECT coalesce(max(id), 0) AS id FROM outbox');
  await work();
  return query(inkwell, 'SELECT event, tags, payload FROM outbox WHERE id > $1 ORDER BY id', [last!.id]);
}
