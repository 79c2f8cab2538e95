import { Injectable, Logger } from '@nestjs/common';
import { Client } from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { Config } from '../../config.js';
import { ChangeFeed } from '../events/change-feed.js';
import { Coherence } from './coherence.js';
import { parseSnapshot, type Snapshot } from './snapshot.js';

const POLL_INTERVAL_MS = 500;
const RECONNECT_DELAY_MS = 250;
const CONNECT_TIMEOUT_MS = 2_000;
const STATEMENT_TIMEOUT_MS = 5_000;

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

/** What the follower does when transaction ids begin anew: nothing remembered can be judged any more. */
export abstract class ForgetsEverything {
  abstract clear(): void;
}

/** Learns of every change committed by any process, over a session of its own: NOTIFY makes it fast, polling makes it sure. */
@Injectable()
export class OutboxFollower {
  private readonly logger = new Logger('Outbox');
  private seen: Snapshot | undefined;
  private client: Client | undefined;
  private isStopped = false;
  private wake = Promise.withResolvers<void>();
  private following: Promise<void> = Promise.resolve();

  constructor(
    private readonly config: Config,
    private readonly coherence: Coherence,
    private readonly feed: ChangeFeed,
    private readonly caches: ForgetsEverything,
  ) {}

  /** Joins: from its end on the caches may be used. @throws when the database cannot be reached */
  async start(): Promise<void> {
    await this.connect();
    this.following = this.follow();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    this.wake.resolve();
    await this.client?.end().catch(() => undefined);
    await this.following;
  }

  private async follow(): Promise<void> {
    while (!this.isStopped) {
      try {
        if (this.client === undefined) await this.connect();
        await Promise.race([this.wake.promise, sleep(POLL_INTERVAL_MS, undefined, { ref: false })]);
        this.wake = Promise.withResolvers<void>();
        if (!this.isStopped) await this.catchUp();
      } catch (error) {
        if (this.isStopped) return;
        if (this.client !== undefined)
          this.logger.warn(`The connection to the outbox was lost: ${(error as Error).message}`);
        await this.disconnect();
        await sleep(RECONNECT_DELAY_MS, undefined, { ref: false });
      }
    }
  }

  private async connect(): Promise<void> {
    const client = new Client({
      connectionString: this.config.databaseUrl,
      application_name: 'inkwell outbox',
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: STATEMENT_TIMEOUT_MS,
      keepAlive: true,
    });
    client.on('error', () => this.wake.resolve());
    client.on('notification', () => this.wake.resolve());
    await client.connect();
    // Listening comes first: a change between the poll and the LISTEN would wait for the next poll.
    await client.query('LISTEN outbox');
    this.client = client;
    await this.joinHistory(client);
    await this.catchUp();
  }

  private async joinHistory(client: Client): Promise<void> {
    const { rows } = await client.query<{ epoch: string }>(EPOCH);
    const epoch = rows[0]!.epoch;
    if (epoch === this.coherence.epoch) return;
    this.caches.clear();
    // Every row the outbox still has is read and recorded, and L2 keeps nothing that is older than those rows.
    this.seen = { xmax: 0, xip: [] };
    this.coherence.begin(epoch, this.seen);
  }

  private async catchUp(): Promise<void> {
    const seen = this.seen ?? { xmax: 0, xip: [] };
    const { rows } = await this.client!.query<UnseenRow>(UNSEEN, [String(seen.xmax), seen.xip.map(String)]);
    for (const { id, xid, event, payload, tags } of rows) {
      if (id !== null) await this.feed.publish({ id, xid: Number(xid), event, payload, tags });
    }
    this.seen = parseSnapshot(rows[0]!.snapshot);
    this.coherence.compact(this.seen);
  }

  private async disconnect(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    await client?.end().catch(() => undefined);
  }
}
