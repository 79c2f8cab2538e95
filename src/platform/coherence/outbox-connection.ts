import type { Client } from 'pg';
import { endAtOnce } from '../database/end-at-once.js';
import { MeasuredClient } from '../database/measured-client.js';
import type { Change } from '../events/change-feed.js';
import { parseSnapshot, type Snapshot } from './snapshot.js';

/** The epoch is emptied by crash recovery (UNLOGGED): a new one says that transaction ids may come again. */
const EPOCH = `
  INSERT INTO cache_epoch (only_row) VALUES (true)
  ON CONFLICT (only_row) DO UPDATE SET only_row = true RETURNING epoch::text`;

/**
 * Rows whose transaction the last snapshot did not see. By snapshot, never by id or time: the order of commits is neither.
 * The snapshot is read in the same statement, so nothing falls between.
 */
const UNSEEN = `
  SELECT pg_current_snapshot()::text AS snapshot, o.id::text AS id, o.xid::text AS xid, o.event, o.payload, o.tags
  FROM (SELECT 1) AS always
  LEFT JOIN outbox AS o ON o.xid >= $1::text::xid8 OR o.xid = ANY ($2::text[]::xid8[])`;

interface UnseenRow {
  readonly snapshot: string;
  /** Null when nothing is new. */
  readonly id: string | null;
  readonly xid: string;
  readonly event: string;
  readonly payload: unknown;
  readonly tags: string[];
}

export interface Timeouts {
  readonly connectMs: number;
  readonly queryMs: number;
}

/** A session of its own with PostgreSQL, which must not go through a transaction pooler: it listens. */
export class OutboxConnection {
  private constructor(
    private readonly client: Client,
    /** Names the history that transaction ids belong to. */
    readonly epoch: string,
  ) {}

  /** @param onNews called when something was committed, or the connection is lost @throws when it cannot be made in time */
  static async open(url: string, timeouts: Timeouts, onNews: () => void): Promise<OutboxConnection> {
    const client = new MeasuredClient({
      connectionString: url,
      application_name: 'inkwell outbox',
      connectionTimeoutMillis: timeouts.connectMs,
      query_timeout: timeouts.queryMs,
      keepAlive: true,
    });
    client.on('error', onNews);
    client.on('notification', onNews);
    try {
      await client.connect();
      // Listening comes first: a change between the first poll and the LISTEN would wait for the second poll.
      await client.query('LISTEN outbox');
      const { rows } = await client.query<{ epoch: string }>(EPOCH);
      return new OutboxConnection(client, rows[0]!.epoch);
    } catch (error) {
      endAtOnce(client);
      throw error;
    }
  }

  /** What was committed that `seen` did not see, and the snapshot in which this was asked. @throws when it takes longer */
  async changesSince(seen: Snapshot, timeoutMs: number): Promise<{ snapshot: Snapshot; changes: Change[] }> {
    const query = {
      text: UNSEEN,
      values: [String(seen.xmax), seen.xip.map(String)],
      query_timeout: timeoutMs,
    };
    const { rows } = await this.client.query<UnseenRow>(query);
    const changes = rows.flatMap(({ id, xid, event, payload, tags }) =>
      id === null ? [] : [{ id, xid: Number(xid), event, payload, tags }],
    );
    return { snapshot: parseSnapshot(rows[0]!.snapshot), changes };
  }

  close(): void {
    endAtOnce(this.client);
  }
}
