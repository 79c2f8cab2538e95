import { Injectable, Logger } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { Config } from '../../config.js';
import { queriesFor } from '../database/query-purpose.js';
import { ChangeFeed } from '../events/change-feed.js';
import { Coherence } from './coherence.js';
import { OutboxConnection } from './outbox-connection.js';
import type { Snapshot } from './snapshot.js';

const POLL_INTERVAL_MS = 500;
const RECONNECT_DELAY_MS = 250;
/** The first poll reads all that the outbox keeps. */
const FIRST = { connectMs: 5_000, queryMs: 15_000 };
/** A poll that takes longer, then a connection that cannot be made: the database is away, and known to be within 2 s. */
const LATER = { connectMs: 500, queryMs: 800 };
const NOTHING: Snapshot = { xmax: 0, xip: [] };

/** What the rest of the process does about what the follower finds out. */
export abstract class FollowerReactions {
  /** Transaction ids begin anew: nothing remembered can be judged any more. */
  abstract historyBegan(): void;
  /** PostgreSQL does not answer: what waits for it waits in vain. */
  abstract databaseIsAway(): void;
}

/** Learns of every change committed by any process: NOTIFY makes it fast, polling makes it sure. */
@Injectable()
export class OutboxFollower {
  private readonly logger = new Logger('Outbox');
  private connection: OutboxConnection | undefined;
  private seen = NOTHING;
  private isStopped = false;
  private news = Promise.withResolvers<void>();
  private following: Promise<void> = Promise.resolve();

  constructor(
    private readonly config: Config,
    private readonly coherence: Coherence,
    private readonly feed: ChangeFeed,
    private readonly reactions: FollowerReactions,
  ) {}

  /** Joins: from its end on the caches may be used. @throws when the database cannot be reached */
  async start(): Promise<void> {
    await queriesFor('bus', () => this.join(FIRST));
    this.following = queriesFor('bus', () => this.follow());
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    this.news.resolve();
    this.connection?.close();
    await this.following;
  }

  private async follow(): Promise<void> {
    while (!this.isStopped) {
      await Promise.race([this.news.promise, sleep(POLL_INTERVAL_MS, undefined, { ref: false })]);
      this.news = Promise.withResolvers<void>();
      if (!this.isStopped) await this.catchUp(LATER.queryMs).catch((error: unknown) => this.rejoin(error));
    }
  }

  private async rejoin(reason: unknown): Promise<void> {
    let isAway = false;
    for (; !this.isStopped; await sleep(RECONNECT_DELAY_MS, undefined, { ref: false })) {
      this.connection?.close();
      try {
        await this.join(LATER);
        if (isAway) this.logger.log('PostgreSQL is back');
        return;
      } catch {
        if (!isAway) this.logger.warn(`PostgreSQL cannot be reached: ${(reason as Error).message}`);
        isAway = true;
        this.reactions.databaseIsAway();
      }
    }
  }

  private async join(timeouts: typeof FIRST): Promise<void> {
    const connection = await OutboxConnection.open(this.config.databaseUrl!, timeouts, () =>
      this.news.resolve(),
    );
    this.connection = connection;
    if (connection.epoch !== this.coherence.epoch) {
      this.reactions.historyBegan();
      // All that the outbox still has is read and recorded, and L2 keeps nothing older than that.
      this.seen = NOTHING;
      this.coherence.begin(connection.epoch, NOTHING);
    }
    await this.catchUp(timeouts.queryMs);
  }

  private async catchUp(timeoutMs: number): Promise<void> {
    const { snapshot, changes } = await this.connection!.changesSince(this.seen, timeoutMs);
    for (const change of changes) await this.feed.publish(change);
    this.seen = snapshot;
    this.coherence.compact(snapshot);
  }
}
