import type { Pool } from 'pg';
import type { Transaction, TransactionRunner } from './transaction-runner.js';
import type { OutboxEvent, WorkListener } from './work-listener.js';

/** An arbitrary number for the advisory locks of listeners. The second key tells the listeners apart. */
const LOCK_CLASS = 7_240_812;

/** How often an idle cursor is touched. The outbox keeps no rows for a cursor that nobody moves any more. */
const HEARTBEAT = '1 minute';

const BEGIN_HERE = `
  INSERT INTO outbox_cursors (listener, snapshot) VALUES ($1, pg_current_snapshot()) ON CONFLICT DO NOTHING`;

/**
 * The rows that the cursor's snapshot does not see. Ids and times cannot tell, because neither follows the order of
 * commits.
 */
const UNTAKEN = `
  FROM outbox_cursors AS c
  JOIN outbox AS o ON c.listener = $1 AND o.xid >= pg_snapshot_xmin(c.snapshot)
    AND NOT pg_visible_in_snapshot(o.xid, c.snapshot)`;

/** The age of the oldest row that this listener has not taken. Null if there is none. */
const LAG = `
  SELECT extract(epoch FROM clock_timestamp() - min(o.created_at))::float AS lag,
         (SELECT moved_at < now() - interval '${HEARTBEAT}' FROM outbox_cursors WHERE listener = $1) AS is_idle
  ${UNTAKEN}`;

/**
 * Ordered by id. For changes to the same thing this is the order of their commits, because the thing was locked
 * meanwhile.
 */
const READ = `
  SELECT pg_current_snapshot()::text AS snapshot, o.id::text AS id, o.event, o.payload, o.tags,
         o.created_at AS "createdAt"
  FROM (SELECT 1) AS always
  LEFT JOIN LATERAL (SELECT o.* ${UNTAKEN} AND ($2::text[] IS NULL OR o.event = ANY ($2))) AS o ON true
  ORDER BY o.id`;

const MOVE =
  'UPDATE outbox_cursors SET snapshot = $2::text::pg_snapshot, moved_at = now() WHERE listener = $1';

type Row = OutboxEvent & { readonly snapshot: string; readonly id: string | null };

/** The position of a listener in the outbox. */
export class OutboxCursor {
  constructor(
    private readonly transactions: TransactionRunner,
    private readonly pool: Pool,
    private readonly listener: WorkListener,
  ) {}

  /** Places a new listener at the current end of the outbox. */
  async begin(): Promise<void> {
    await this.pool.query(BEGIN_HERE, [this.listener.name]);
  }

  /** The age of the oldest waiting row, and whether the cursor should advance. */
  async check(): Promise<{ lagSeconds: number; shouldAdvance: boolean }> {
    const { name } = this.listener;
    const { rows } = await this.pool.query<{ lag: number | null; is_idle: boolean }>(LAG, [name]);
    const { lag, is_idle: isIdle } = rows[0]!;
    return { lagSeconds: lag ?? 0, shouldAdvance: lag !== null || isIdle };
  }

  /** Passes the waiting rows to the listener. @returns false if another process is doing so */
  advance(): Promise<boolean> {
    return this.transactions.run(async (tx) => (await isMine(tx, this.listener.name)) && this.take(tx));
  }

  private async take(tx: Transaction): Promise<true> {
    const { name, events } = this.listener;
    // The snapshot was taken before this transaction had an id, so a crash of PostgreSQL cannot keep the snapshot and
    // reuse an id that it sees.
    const { rows } = await tx.query<Row>(READ, [name, events === 'all' ? null : events]);
    const taken = rows.filter(({ id }) => id !== null);
    if (taken.length > 0) await this.listener.take(tx, taken);
    await tx.query(MOVE, [name, rows[0]!.snapshot]);
    return true;
  }
}

/** Lets one process at a time advance the cursor. The lock ends with the transaction. */
async function isMine(tx: Transaction, name: string): Promise<boolean> {
  const { rows } = await tx.query<{ locked: boolean }>(
    'SELECT pg_try_advisory_xact_lock($1, hashtext($2)) AS locked',
    [LOCK_CLASS, name],
  );
  return rows[0]!.locked;
}
