import type { Pool } from 'pg';
import type { Transaction, TransactionRunner } from '../database/transaction-runner.js';
import type { OutboxEvent, WorkListener } from './work-listener.js';

/** Any number, for advisory locks of this kind: the second key tells the listeners apart. */
const LOCK_CLASS = 7_240_812;

/** A cursor that stands still is touched so often: the outbox keeps nothing for one that nobody moves any more. */
const HEARTBEAT = '1 minute';

const BEGIN_HERE = `
  INSERT INTO outbox_cursors (listener, snapshot) VALUES ($1, pg_current_snapshot()) ON CONFLICT DO NOTHING`;

/**
 * By snapshot, never by id or time: the order of commits is neither. A cursor that has seen transactions which have not
 * begun yet was restored from another server: then only time is left to go by.
 */
const UNTAKEN = `
  FROM (SELECT *, pg_snapshot_xmax(snapshot) > pg_snapshot_xmax(pg_current_snapshot()) AS is_foreign
        FROM outbox_cursors WHERE listener = $1) AS c
  JOIN outbox AS o ON o.xid >= CASE WHEN c.is_foreign THEN '0'::xid8 ELSE pg_snapshot_xmin(c.snapshot) END
    AND CASE WHEN c.is_foreign THEN o.created_at > c.moved_at ELSE NOT pg_visible_in_snapshot(o.xid, c.snapshot) END`;

/** How old the oldest row is that this listener has not taken; null: there is none. */
const LAG = `
  SELECT extract(epoch FROM clock_timestamp() - min(o.created_at))::float AS lag,
         (SELECT moved_at < now() - interval '${HEARTBEAT}' FROM outbox_cursors WHERE listener = $1) AS is_idle
  ${UNTAKEN}`;

/** In the order of id, which is the order of commits for those that changed the same thing: it was locked meanwhile. */
const READ = `
  SELECT pg_current_snapshot()::text AS snapshot, o.id::text AS id, o.event, o.payload, o.tags,
         o.created_at AS "createdAt"
  FROM (SELECT 1) AS always
  LEFT JOIN LATERAL (SELECT o.* ${UNTAKEN} AND ($2::text[] IS NULL OR o.event = ANY ($2))) AS o ON true
  ORDER BY o.id`;

const MOVE =
  'UPDATE outbox_cursors SET snapshot = $2::text::pg_snapshot, moved_at = now() WHERE listener = $1';

type Row = OutboxEvent & { readonly snapshot: string; readonly id: string | null };

/** Where a listener stands in the outbox. */
export class OutboxCursor {
  constructor(
    private readonly transactions: TransactionRunner,
    private readonly pool: Pool,
    private readonly listener: WorkListener,
  ) {}

  /** Of a new listener: what is committed from now on is for it. */
  async begin(): Promise<void> {
    await this.pool.query(BEGIN_HERE, [this.listener.name]);
  }

  /** Seconds that the oldest row has been waiting for, and whether it is time to advance. */
  async check(): Promise<{ lagSeconds: number; shouldAdvance: boolean }> {
    const { name } = this.listener;
    const { rows } = await this.pool.query<{ lag: number | null; is_idle: boolean }>(LAG, [name]);
    const { lag, is_idle: isIdle } = rows[0]!;
    return { lagSeconds: lag ?? 0, shouldAdvance: lag !== null || isIdle };
  }

  /** Hands the listener what it has not taken. @returns false when another process is at it */
  advance(): Promise<boolean> {
    return this.transactions.run(async (tx) => (await isMine(tx, this.listener.name)) && this.take(tx));
  }

  private async take(tx: Transaction): Promise<true> {
    const { name, events } = this.listener;
    // The snapshot is of before this transaction had an id: no crash of PostgreSQL can keep it and forget that id.
    const { rows } = await tx.query<Row>(READ, [name, events === 'all' ? null : events]);
    const taken = rows.filter(({ id }) => id !== null);
    if (taken.length > 0) await this.listener.take(tx, taken);
    await tx.query(MOVE, [name, rows[0]!.snapshot]);
    return true;
  }
}

/** One process at a time; the lock ends with the transaction. */
async function isMine(tx: Transaction, name: string): Promise<boolean> {
  const { rows } = await tx.query<{ locked: boolean }>(
    'SELECT pg_try_advisory_xact_lock($1, hashtext($2)) AS locked',
    [LOCK_CLASS, name],
  );
  return rows[0]!.locked;
}
