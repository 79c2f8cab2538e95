import type { Client, Notification as Notice, QueryResult } from 'pg';
import { endAtOnce } from '../database/end-at-once.js';
import { MeasuredClient } from '../database/measured-client.js';
import type { Change } from '../events/change-feed.js';
import { acknowledgementChannel, acknowledgementOf } from './notification.js';
import { parseSnapshot, type Snapshot } from './snapshot.js';

/**
 * The row is emptied by crash recovery (UNLOGGED): a new one says that transaction ids may come again. A copy of a database
 * and one restored from a dump have the row, but ids of their own.
 */
const EPOCH = `
  INSERT INTO cache_epoch (only_row) VALUES (true)
  ON CONFLICT (only_row) DO UPDATE SET only_row = true
  RETURNING md5(concat_ws(' ', epoch, (SELECT system_identifier FROM pg_control_system()),
    (SELECT oid FROM pg_database WHERE datname = current_database())))::uuid::text AS epoch`;

/** Registered by a commit of its own before the changes are asked for: a commit between the two finds it registered. */
const renewal = ({ replica, fullLeaseMs }: Member): string => `
  BEGIN;
  INSERT INTO replica (id, expires_at) VALUES ('${replica}', clock_timestamp() + interval '${fullLeaseMs} ms')
  ON CONFLICT (id) DO UPDATE SET expires_at = excluded.expires_at;
  COMMIT`;

/**
 * Rows whose transaction the last snapshot did not see. By snapshot, never by id or time: the order of commits is neither.
 * The snapshot is read in the same statement, so nothing falls between.
 */
const unseenBy = ({ xmax, xip }: Snapshot): string => `
  SELECT pg_current_snapshot()::text AS snapshot, o.id::text, o.xid::text, o.writer::text, o.event, o.payload, o.tags,
    (SELECT count(*)::int FROM replica WHERE expires_at > clock_timestamp()) AS replicas
  FROM (SELECT 1) AS always
  LEFT JOIN outbox AS o ON o.xid >= '${xmax}'::xid8 OR o.xid = ANY ('{${xip.join(',')}}'::xid8[])`;

interface UnseenRow {
  readonly snapshot: string;
  readonly replicas: number;
  /** Null when nothing is new. */
  readonly id: string | null;
  readonly xid: string;
  readonly writer: string;
  readonly event: string;
  readonly payload: unknown;
  readonly tags: string[];
}

export interface WrittenChange extends Change {
  readonly writer: string;
}

export interface Renewed {
  /** Every change that it sees is either known or among `changes`. */
  readonly snapshot: Snapshot;
  readonly changes: readonly WrittenChange[];
  readonly replicas: number;
}

/** A process among those that share the database. */
export interface Member {
  readonly replica: string;
  /** What its row says after a renewal: by then its lease has run out. */
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

/** A session of its own with PostgreSQL, which must not go through a transaction pooler: it listens. */
export class OutboxConnection {
  private constructor(
    private readonly client: Client,
    private readonly member: Member,
    /** Names the history that transaction ids belong to. A session cannot outlive it. */
    readonly epoch: string,
  ) {}

  /** @throws when it cannot be made in time */
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
      const { rows } = await client.query<{ epoch: string }>(EPOCH);
      return new OutboxConnection(client, member, rows[0]!.epoch);
    } catch (error) {
      endAtOnce(client);
      throw error;
    }
  }

  /** Renews the lease, then asks what was committed that `seen` did not see. @throws when it takes longer */
  async renew(seen: Snapshot, timeoutMs: number): Promise<Renewed> {
    const { rows } = await this.send<UnseenRow>([renewal(this.member), unseenBy(seen)], timeoutMs);
    const changes = rows.flatMap(({ id, xid, writer, event, payload, tags }) =>
      id === null ? [] : [{ id, xid: Number(xid), writer, event, payload, tags }],
    );
    return { snapshot: parseSnapshot(rows[0]!.snapshot), changes, replicas: rows[0]!.replicas };
  }

  /** Tells writers that their transactions are known here. @throws when it takes longer */
  async acknowledge(xidsOfWriters: ReadonlyMap<string, readonly number[]>, timeoutMs: number): Promise<void> {
    const statements = [...xidsOfWriters].map(([writer, xids]) =>
      acknowledgementOf(this.member.replica, writer, xids),
    );
    await this.send(statements, timeoutMs);
  }

  /** Gives the lease back, so that no writer waits for it. @throws when it takes longer */
  async leave(timeoutMs: number): Promise<void> {
    await this.send([`DELETE FROM replica WHERE id = '${this.member.replica}'`], timeoutMs);
  }

  /** One message, one round trip. @returns the result of its last statement */
  private async send<Row extends object = object>(
    statements: readonly string[],
    timeoutMs: number,
  ): Promise<QueryResult<Row>> {
    const query = { text: statements.join(';\n'), query_timeout: timeoutMs };
    const results: unknown = await this.client.query<Row>(query);
    // node-pg answers several statements with as many results, which its types do not say.
    return (Array.isArray(results) ? results.at(-1) : results) as QueryResult<Row>;
  }

  close(): void {
    endAtOnce(this.client);
  }
}
