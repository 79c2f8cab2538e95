import { Injectable, Logger } from '@nestjs/common';
import type { Notification as Notice } from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { Config } from '../../config.js';
import { queriesFor } from '../database/query-purpose.js';
import { ChangeReceiver } from './change-receiver.js';
import { Coherence } from './coherence.js';
import { OutboxConnection } from './outbox-connection.js';

const RECONNECT_DELAY_MS = 100;
/** The first renewal of a history reads all that the outbox keeps. */
const FIRST = { connectMs: 5_000, queryMs: 15_000 };
/** A lease that is not renewed within its length has run out; a connection that cannot be made then: PostgreSQL is away. */
const LATER = { connectMs: 500, queryMs: 800 };
const RENEWALS_PER_LEASE = 4;
const LEAVE_MS = 500;

/** What the rest of the process does about what the follower finds out. */
export abstract class FollowerReactions {
  /** Transaction ids begin anew: nothing remembered can be judged any more. */
  abstract historyBegan(): void;
  /** PostgreSQL cannot be reached from here; others of this process may know better. */
  abstract databaseIsAway(): Promise<void>;
}

/**
 * Learns of every change committed by any process, acknowledges it to its writer, and holds the lease to the caches.
 * NOTIFY makes it fast; the renewal, which brings whatever was missed, makes it sure.
 */
@Injectable()
export class OutboxFollower {
  private readonly logger = new Logger('Outbox');
  private connection: OutboxConnection | undefined;
  private isStopped = false;
  private isRenewalDue = false;
  private work = Promise.withResolvers<void>();
  private following: Promise<void> = Promise.resolve();

  constructor(
    private readonly config: Config,
    private readonly coherence: Coherence,
    private readonly receiver: ChangeReceiver,
    private readonly reactions: FollowerReactions,
  ) {}

  /** Joins: from its end on the caches may be used. @throws when the database cannot be reached */
  async start(): Promise<void> {
    await queriesFor('bus', () => this.join(FIRST));
    this.following = queriesFor('bus', () => this.follow());
  }

  /** Gives the lease back: no writer waits for this process any more. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.coherence.leave();
    this.work.resolve();
    await this.following;
    await this.connection?.leave(LEAVE_MS).catch(() => undefined);
    this.connection?.close();
  }

  /** Later the lease has run out, or the database is not there. */
  private get timeoutMs(): number {
    return Math.min(this.coherence.leaseMs, LATER.queryMs);
  }

  private async follow(): Promise<void> {
    const renewals = setInterval(this.renewSoon, this.coherence.leaseMs / RENEWALS_PER_LEASE).unref();
    while (!this.isStopped) {
      await this.work.promise;
      this.work = Promise.withResolvers<void>();
      if (!this.isStopped) await this.turn().catch((error: unknown) => this.rejoin(error));
    }
    clearInterval(renewals);
  }

  private readonly renewSoon = (): void => {
    this.isRenewalDue = true;
    this.work.resolve();
  };

  private readonly onNotice = (notice: Notice): void => {
    this.receiver
      .notice(notice)
      .then((isRenewalNeeded) => (isRenewalNeeded ? this.renewSoon() : this.work.resolve()), this.renewSoon);
  };

  private async turn(): Promise<void> {
    await this.acknowledge();
    if (!this.isRenewalDue) return;
    await this.renew(this.timeoutMs);
    await this.acknowledge();
  }

  private async acknowledge(): Promise<void> {
    const owed = this.receiver.takeOwed();
    if (owed.size > 0) await this.connection!.acknowledge(owed, this.timeoutMs);
  }

  /** Nothing is asked of the caches of a replica that could not record a change: its lease is not renewed. */
  private async renew(timeoutMs: number): Promise<void> {
    this.isRenewalDue = false;
    this.receiver.sendingRenewal();
    const sent = this.coherence.sendingRenewal();
    const { snapshot, changes, replicas } = await this.connection!.renew(this.coherence.seen, timeoutMs);
    await this.receiver.receive(changes);
    if (!this.isStopped) this.coherence.renewed(sent, snapshot, replicas);
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
        await this.reactions.databaseIsAway();
      }
    }
  }

  /** Joining, joining again and renewing are one path: what was missed meanwhile comes with the renewal. */
  private async join({ connectMs, queryMs }: typeof FIRST): Promise<void> {
    const listeners = { onNotice: this.onNotice, onLost: this.renewSoon };
    const open = OutboxConnection.open(
      this.config.databaseUrl!,
      this.receiver.member,
      { connectMs, queryMs },
      listeners,
    );
    this.connection = await open;
    const isNewHistory = this.connection.epoch !== this.coherence.epoch;
    if (isNewHistory) {
      this.coherence.begin(this.connection.epoch);
      this.reactions.historyBegan();
    }
    await this.renew(isNewHistory ? FIRST.queryMs : queryMs);
    await this.acknowledge();
  }
}
