import type { Client, Notification as Notice, QueryResult } from 'pg';
import type { DatabaseHistory } from '../coherence/history-gate.js';
import type { LeaseMark } from '../coherence/lease-watch.js';
import { acknowledgementChannel, acknowledgementOf, type Change } from '../coherence/notification.js';
import { parseSnapshot, type Snapshot } from '../coherence/snapshot.js';
import { historySql, readHistory, renameHistory, WAL_BYTES } from '../database/database-history.js';
import { endAtOnce } from '../database/end-at-once.js';
import { MeasuredClient } from '../database/measured-client.js';

/**
 * Renews the lease in a commit of its own, before the changes are read: a commit between the two finds the replica
 * registered. Other processes detect the renewal by the row's xmin. expires_at is for builds that go by PostgreSQL's
 * clock.
 */
const renewal = ({ replica, fullLeaseMs }: Member): string => `
  BEGIN;
  INSERT INTO replica (id, expires_at) VALUES ('${replica}', clock_timestamp() + interval '${fullLeaseMs} ms')
  ON CONFLICT (id) DO UPDATE SET expires_at = excluded.expires_at;
  COMMIT`;

/**
 * The rows whose transaction the last snapshot did not see. Ids and times cannot tell, because neither follows the
 * order of commits. The new snapshot is read in the same statement, so no row is missed.
 */
const unseenBy = ({ xmax, xip }: Snapshot): string => `
  SELECT pg_current_snapshot()::text AS snapshot, ${historySql.epoch()} AS epoch, ${WAL_BYTES} AS "walBytes",
    (SELECT pruned_through::text FROM outbox_horizon) AS "prunedThrough", ${OutboxConnection.leaseMarks()} AS leases,
    (SELECT json_agg(json_build_object('id', o.id::text, 'xid', o.xid::text, 'writer', o.writer, 'event', o.event,
       'payload', o.payload, 'tags', o.tags))
     FROM outbox AS o WHERE o.xid >= '${xmax}'::xid8 OR o.xid = ANY ('{${xip.join(',')}}'::xid8[])) AS changes`;

interface State {
  readonly snapshot: string;
  readonly epoch: string | null;
  readonly walBytes: number;
  readonly prunedThrough: string;
  readonly leases: readonly LeaseMark[];
  /** Null if there is nothing new. */
  readonly changes: readonly (Omit<WrittenChange, 'xid'> & { readonly xid: string })[] | null;
}

export interface WrittenChange extends Change {
  readonly writer: string;
}

export interface RenewalResult {
  /** Every change that it sees is in `changes` or was known before. */
  readonly snapshot: Snapshot;
  readonly changes: readonly WrittenChange[];
  /** The outbox has every row of later transactions. */
  readonly prunedThrough: number;
  /** The leases of all replicas. */
  readonly leases: readonly LeaseMark[];
}

/** A process that shares the database. */
export interface Member {
  readonly replica: string;
  /** After this long without a renewal, its lease has run out. */
  readonly fullLeaseMs: number;
}

export interface Timeouts {
  readonly connectMs: number;
  readonly queryMs: number;
}

export interface Listeners {
  readonly onNotice: (notice: Notice) => void;
  readonly onLost: () => void;
}

/** The session continues, but the database behind it was restored in place and has another history. */
class HistoryEnded extends Error {}

/** The bus: a dedicated session with PostgreSQL. It must not go through a transaction pooler, because it listens. */
export class OutboxConnection {
  private walBytes = 0;

  /**
   * SQL for the leases of all replicas as JSON, including dead replicas. A migration creates the function, so that a session
   * plans it once.
   */
  static leaseMarks(): string {
    return 'lease_marks()';
  }

  private constructor(
    private readonly client: Client,
    private readonly member: Member,
    readonly history: DatabaseHistory,
  ) {}

  /** @throws if the connection cannot be made in time */
  static async open(
    url: string,
    member: Member,
    timeouts: Timeouts,
    listeners: Listeners,
  ): Promise<OutboxConnection> {
    const client = new MeasuredClient({
      connectionString: url,
      application_name: 'inkwell outbox',
      options: '-c synchronous_commit=off',
      connectionTimeoutMillis: timeouts.connectMs,
      query_timeout: timeouts.queryMs,
      keepAlive: true,
    });
    client.on('error', listeners.onLost);
    client.on('end', listeners.onLost);
    client.on('notification', listeners.onNotice);
    try {
      await client.connect();
      await client.query(`LISTEN outbox; LISTEN "${acknowledgementChannel(member.replica)}"`);
      return new OutboxConnection(client, member, await readHistory(client, timeouts.queryMs));
    } catch (error) {
      endAtOnce(client);
      throw error;
    }
  }

  /**
   * Renews the lease, then reads what was committed since `seen`.
   * @throws after the timeout, and when the history has ended
   */
  async renew(seen: Snapshot, timeoutMs: number): Promise<RenewalResult> {
    const { rows } = await this.send<State>([renewal(this.member), unseenBy(seen)], timeoutMs);
    const { snapshot, epoch, walBytes, prunedThrough, leases, changes } = rows[0]!;
    if (epoch !== this.history.epoch) throw new HistoryEnded('The database was restored in place');
    await this.requireProgress(walBytes, timeoutMs);
    return {
      snapshot: parseSnapshot(snapshot),
      changes: (changes ?? []).map((change) => ({ ...change, xid: Number(change.xid) })),
      prunedThrough: Number(prunedThrough),
      leases,
    };
  }

  /**
   * Detects a machine that was reset to an image of its memory. The history keeps its name, but its WAL has gone
   * backwards.
   */
  private async requireProgress(walBytes: number, timeoutMs: number): Promise<void> {
    if (walBytes < this.walBytes) {
      await renameHistory(this.client, timeoutMs);
      throw new HistoryEnded('The database was reset to an earlier state while it ran');
    }
    this.walBytes = walBytes;
  }

  /** Deletes the rows of replicas that are gone, unless they have renewed since. @throws after the timeout */
  async forget(gone: readonly LeaseMark[], timeoutMs: number): Promise<void> {
    const statements = gone.map(
      ({ id, mark }) => `DELETE FROM replica WHERE id = '${id}' AND xmin::text = '${mark}'`,
    );
    await this.send(statements, timeoutMs);
  }

  /** Acknowledges transactions to their writers. @throws after the timeout */
  async acknowledge(xidsOfWriters: ReadonlyMap<string, readonly number[]>, timeoutMs: number): Promise<void> {
    const statements = [...xidsOfWriters].map(([writer, xids]) =>
      acknowledgementOf(this.member.replica, writer, xids),
    );
    await this.send(statements, timeoutMs);
  }

  /** Gives the lease back, so that no writer waits for it. @throws after the timeout */
  async leave(timeoutMs: number): Promise<void> {
    await this.send([`DELETE FROM replica WHERE id = '${this.member.replica}'`], timeoutMs);
  }

  /** Sends the statements in one message. @returns the result of the last one */
  private async send<Row extends object = object>(
    statements: readonly string[],
    timeoutMs: number,
  ): Promise<QueryResult<Row>> {
    const query = { text: statements.join(';\n'), query_timeout: timeoutMs };
    const results: unknown = await this.client.query<Row>(query);
    // node-postgres returns one result per statement, which its types do not show.
    return (Array.isArray(results) ? results.at(-1) : results) as QueryResult<Row>;
  }

  close(): void {
    endAtOnce(this.client);
  }
}
