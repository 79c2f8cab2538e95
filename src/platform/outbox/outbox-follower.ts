import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Notification as Notice } from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { Config } from '../../config.js';
import type { Coherence } from '../coherence/coherence.js';
import { HistoryGate, HistoryRefused } from '../coherence/history-gate.js';
import { ConnectionPoolKeeper } from '../database/connection-pool.js';
import { queriesFor } from '../database/query-purpose.js';
import { ChangeReceiver } from './change-receiver.js';
import { OutboxConnection } from './outbox-connection.js';

const RECONNECT_DELAY_MS = 100;
/** The first renewal of a history reads the whole outbox. */
const FIRST = { connectMs: 5_000, queryMs: 15_000 };
/**
 * A renewal that takes longer than the lease is useless, and a connection that takes longer means that PostgreSQL is
 * away.
 */
const LATER = { connectMs: 500, queryMs: 800 };
const RENEWALS_PER_LEASE = 4;
const LEAVE_MS = 500;

/**
 * Learns of every change committed by any process, acknowledges it to the writer, and holds this replica's lease.
 * NOTIFY makes this fast. Lease renewals make it reliable, because each returns the changes missed before it.
 *
 * The follower is always in one of these modes. Only RENEWING prolongs the lease. Notices reach the receiver in any mode; those
 * of a history that the process has not entered are ignored.
 *
 * ## JOINING (`onApplicationBootstrap`)
 * Opens the session, enters its history, renews for the first time and acknowledges.
 * - Success → WAITING.
 * - Failure → the application does not start.
 *
 * ## WAITING (`follow`)
 * Waits until there is work.
 * - A notice has been received → ACKNOWLEDGING, which has nothing to do if the notice told of no change.
 * - A renewal is due → ACKNOWLEDGING, then RENEWING. It is due four times per lease, after a notice that does not say what
 *   changed, after a listener failed, and when the session ends.
 * - Shutdown → LEAVING.
 *
 * ## ACKNOWLEDGING (`acknowledge`)
 * Tells writers which of their transactions this process has recorded.
 * - Success → RENEWING if a renewal is due and none was made in this turn, otherwise WAITING.
 * - PostgreSQL fails or is late → REJOINING.
 *
 * ## RENEWING (`renew`)
 * Renews the row of this replica, reads the changes it has not seen, and hands them to the listeners. Then the lease holds.
 * - Success → ACKNOWLEDGING.
 * - The outbox has lost changes that this process has not seen → RENEWING, with empty caches.
 * - PostgreSQL fails or is late, a listener fails, or the database has another history → REJOINING.
 *
 * ## REJOINING (`rejoin`)
 * Closes the session and joins with a new one. The renewal brings the changes that were missed meanwhile.
 * - Success → WAITING.
 * - Failure, or the history is refused → REJOINING, after RECONNECT_DELAY_MS and after cutting a pool that does not answer.
 * - Shutdown → LEAVING.
 *
 * ## LEAVING (`onApplicationShutdown`)
 * Gives the lease back at once, from any mode. When the current turn is over, deletes the row of this replica and closes
 * the session. There is no way out.
 */
@Injectable()
export class OutboxFollower implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Outbox');
  private connection: OutboxConnection | undefined;
  private isStopped = false;
  private isRenewalDue = false;
  private work = Promise.withResolvers<void>();
  private following: Promise<void> = Promise.resolve();

  constructor(
    private readonly config: Config,
    private readonly receiver: ChangeReceiver,
    private readonly gate: HistoryGate,
    private readonly pool: ConnectionPoolKeeper,
  ) {}

  private get coherence(): Coherence {
    return this.gate.coherence;
  }

  /** Joins the other replicas. When this resolves, the caches may be used. @throws if the database cannot be reached */
  async onApplicationBootstrap(): Promise<void> {
    await queriesFor('bus', () => this.join(FIRST));
    this.following = queriesFor('bus', () => this.follow());
  }

  /** Gives the lease back, so that no writer waits for this process. */
  async onApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    this.coherence.leave();
    this.work.resolve();
    await this.following;
    await this.connection?.leave(LEAVE_MS).catch(() => undefined);
    this.connection?.close();
  }

  /** After this long, the lease has run out or the database is away. */
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
      .notice(notice, this.connection?.history.epoch ?? '')
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
    const { epoch } = this.connection!.history;
    const { snapshot, changes, prunedThrough, leases } = await this.connection!.renew(
      this.coherence.seen,
      timeoutMs,
    );
    this.requireHistory(epoch);
    if (!this.coherence.follow(prunedThrough)) {
      this.logger.warn(
        'The outbox has lost changes that this process has not seen: it begins with cold caches',
      );
      this.gate.beginAgain();
      return this.renew(FIRST.queryMs);
    }
    await this.receiver.receive(changes, epoch);
    this.requireHistory(epoch);
    const nowMs = performance.now();
    const watch = this.receiver.leases;
    watch.observe(leases, nowMs);
    if (!this.isStopped) this.coherence.renewed(sent, snapshot, watch.countLive(nowMs));
    const gone = watch.gone(nowMs);
    if (gone.length > 0) await this.connection!.forget(gone, this.timeoutMs);
  }

  /** Another connection of this process may have proved a newer one meanwhile. @throws then */
  private requireHistory(epoch: string): void {
    if (epoch !== this.gate.epoch) throw new Error('The database has another history now');
  }

  private async rejoin(reason: unknown): Promise<void> {
    let isAway = false;
    for (; !this.isStopped; await sleep(RECONNECT_DELAY_MS, undefined, { ref: false })) {
      this.connection?.close();
      try {
        await this.join(LATER);
        if (isAway) this.logger.log('PostgreSQL is back');
        return;
      } catch (error) {
        const why = error instanceof HistoryRefused ? error : (reason as Error);
        if (!isAway) this.logger.warn(`PostgreSQL cannot be reached: ${why.message}`);
        isAway = true;
        await this.pool.cutWhenSilent();
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
    this.gate.enter(this.connection.history);
    await this.renew(this.coherence.hasSeenNothing ? FIRST.queryMs : queryMs);
    await this.acknowledge();
  }
}
