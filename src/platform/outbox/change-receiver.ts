import { Injectable } from '@nestjs/common';
import type { Notification as Notice } from 'pg';
import { Coherence } from '../coherence/coherence.js';
import { HistoryGate } from '../coherence/history-gate.js';
import type { LeaseWatch } from '../coherence/lease-watch.js';
import { parseAcknowledgement, parseNotification } from '../coherence/notification.js';
import { Acknowledgements } from './acknowledgements.js';
import { ChangeFeed } from './change-feed.js';
import type { Member, WrittenChange } from './outbox-connection.js';

/** Records the changes of other processes, and which of them are still to be acknowledged. */
@Injectable()
export class ChangeReceiver {
  private owed = new Map<string, number[]>();
  /**
   * Changes recorded from notifications, before and after the last renewal was sent. This renewal or the next one
   * returns them once more.
   */
  private announced = { before: new Set<number>(), since: new Set<number>() };

  constructor(
    private readonly coherence: Coherence,
    private readonly feed: ChangeFeed,
    private readonly acknowledgements: Acknowledgements,
    gate: HistoryGate,
  ) {
    gate.onBegin((epoch) => this.begin(epoch));
  }

  /** Ids of rows and transactions may repeat, so nothing of the old history is kept. */
  private begin(epoch: string): void {
    this.owed = new Map();
    this.announced = { before: new Set(), since: new Set() };
    this.feed.begin(epoch);
    this.acknowledgements.begin();
  }

  get leases(): LeaseWatch {
    return this.acknowledgements.leases;
  }

  get member(): Member {
    return this.acknowledgements;
  }

  /**
   * @param epoch of the connection that received the notification
   * @returns true if only a renewal can tell what changed
   * @throws if a listener fails
   */
  async notice({ channel, payload = '' }: Notice, epoch: string): Promise<boolean> {
    if (epoch !== this.coherence.epoch) return false;
    if (channel !== 'outbox') {
      const acknowledgement = parseAcknowledgement(payload);
      if (acknowledgement !== undefined)
        this.acknowledgements.received(acknowledgement.replica, acknowledgement.xids);
      return false;
    }
    const notification = parseNotification(payload);
    if (notification?.writer === this.member.replica) return false;
    if (notification?.changes === undefined) return true;
    const { writer, changes } = notification;
    for (const change of changes) await this.feed.publish(change, epoch);
    if (epoch !== this.coherence.epoch) return false;
    for (const xid of new Set(changes.map(({ xid }) => xid))) {
      this.announced.since.add(xid);
      this.owe(writer, xid);
    }
    return false;
  }

  sendingRenewal(): void {
    this.announced = { before: this.announced.since, since: new Set() };
  }

  /** @param changes returned by a renewal @param epoch of its connection @throws if a listener fails */
  async receive(changes: readonly WrittenChange[], epoch: string): Promise<void> {
    for (const change of changes) {
      if (epoch !== this.coherence.epoch) return;
      // Recorded even if the feed knows the change, which may have arrived before this history had a journal.
      this.coherence.record(change.xid, change.tags);
      await this.feed.publish(change, epoch);
      if (!this.isAnnounced(change.xid)) this.owe(change.writer, change.xid);
    }
  }

  private isAnnounced(xid: number): boolean {
    return this.announced.before.has(xid) || this.announced.since.has(xid);
  }

  private owe(writer: string, xid: number): void {
    if (writer === this.member.replica) return;
    const xids = this.owed.get(writer);
    if (xids === undefined) this.owed.set(writer, [xid]);
    else if (xids.at(-1) !== xid) xids.push(xid);
  }

  /** The transactions to acknowledge now, by writer. */
  takeOwed(): ReadonlyMap<string, readonly number[]> {
    const { owed } = this;
    this.owed = new Map();
    return owed;
  }
}
