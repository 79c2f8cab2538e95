import type { ClientBase, QueryResult } from 'pg';
import { type DatabaseHistory, HistoryRefused } from '../coherence/history-gate.js';

/** SQL that tells one history from another. */
export const historySql = {
  /**
   * The name of the history, null if the row that names it is not valid. A migration creates the function, so that a
   * session plans it once.
   */
  epoch: () => 'history_epoch()',
};

/** Bytes of WAL ever written. This never decreases within a history. */
export const WAL_BYTES = `(pg_current_wal_insert_lsn() - '0/0')::float8`;

const read = (): string => `
  SELECT ${historySql.epoch()} AS epoch, ${WAL_BYTES} AS "walBytes",
    (SELECT system_identifier::text FROM pg_control_system()) AS system,
    ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int AS timeline`;

/** An arbitrary number, the same in every build. It lets one process at a time name a history. */
const ADVISORY_LOCK = 7_240_813;
const NOBODY = '00000000-0000-0000-0000-000000000000';

/**
 * Names a new history. Rows restored from a server with higher transaction ids are rewritten with this transaction's
 * id, because their ids will be used again. Work listeners then get these rows twice rather than never. The event makes
 * a CDN drop what it has of another history.
 */
const begin = (): string => `
  BEGIN;
  SET LOCAL synchronous_commit = off;
  SELECT pg_advisory_xact_lock(${ADVISORY_LOCK});
  DELETE FROM history WHERE ${historySql.epoch()} IS NULL;
  WITH began AS (
    INSERT INTO history SELECT WHERE NOT EXISTS (SELECT FROM history) RETURNING id
  ), from_elsewhere AS (
    UPDATE outbox SET xid = pg_current_xact_id()
    WHERE xid >= pg_snapshot_xmax(pg_current_snapshot()) AND EXISTS (SELECT FROM began)
  ), cursors_from_elsewhere AS (
    UPDATE outbox_cursors SET snapshot = '1:1:'
    WHERE pg_snapshot_xmax(snapshot) > pg_snapshot_xmax(pg_current_snapshot()) AND EXISTS (SELECT FROM began)
  ), horizon_from_elsewhere AS (
    UPDATE outbox_horizon SET pruned_through = pg_current_xact_id()
    WHERE pruned_through >= pg_snapshot_xmax(pg_current_snapshot()) AND EXISTS (SELECT FROM began)
  )
  INSERT INTO outbox (writer, event, payload, tags) SELECT '${NOBODY}', 'history.began', '{}', '{*}' FROM began;
  COMMIT`;

type FoundHistory = DatabaseHistory & { readonly epoch: string | null };

/** node-postgres accepts a timeout per statement, which its types do not show. */
function query<Row extends object>(
  client: ClientBase,
  text: string,
  timeoutMs: number,
): Promise<QueryResult<Row>> {
  const statement = { text, query_timeout: timeoutMs };
  return client.query<Row>(statement);
}

/** PostgreSQL's errors on a standby for reading the WAL position and unlogged tables. */
const IS_STANDBY = /^recovery is in progress$|during recovery$/;

async function readOnce(client: ClientBase, timeoutMs: number): Promise<FoundHistory> {
  try {
    return (await query<FoundHistory>(client, read(), timeoutMs)).rows[0]!;
  } catch (error) {
    if (IS_STANDBY.test((error as Error).message)) throw new HistoryRefused('it is a standby', error);
    throw error;
  }
}

/**
 * Reads the name of the history, and names it if it has no name.
 * @throws HistoryRefused on a standby; what the client throws, also after the timeout
 */
export async function readHistory(client: ClientBase, timeoutMs: number): Promise<DatabaseHistory> {
  const found = await readOnce(client, timeoutMs);
  if (found.epoch !== null) return found;
  await query(client, begin(), timeoutMs);
  const begun = await readOnce(client, timeoutMs);
  if (begun.epoch === null) throw new Error('The history of the database changed while it was being named');
  return begun;
}

/**
 * Gives the history a new name although its name is valid, because something else proves that it is another history.
 */
export async function renameHistory(client: ClientBase, timeoutMs: number): Promise<void> {
  await query(client, 'DELETE FROM history', timeoutMs);
  await readHistory(client, timeoutMs);
}
