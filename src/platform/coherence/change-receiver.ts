import { Injectable } from '@nestjs/common';
import type { Notification as Notice } from 'pg';
import { ChangeFeed } from '../events/change-feed.js';
import { Acknowledgements } from './acknowledgements.js';
import { Coherence } from './coherence.js';
import { parseAcknowledgement, parseNotification } from './notification.js';
import type { Member, WrittenChange } from './outbox-connection.js';

/** Records the changes of other processes, and remembers to whom this is still to be acknowledged. */
@Injectable()
export class ChangeReceiver {
  private owed = new Map<string, number[]>();
  /** Recorded from notices, before and since the last renewal was sent: it brings them again, or the next one does. */
  private announced = { before: new Set<number>(), since: new Set<number>() };

  constructor(
    private readonly coherence: Coherence,
    private readonly feed: ChangeFeed,
    private readonly acknowledgements: Acknowledgements,
  ) {}

  get member(): Member {
    return this.acknowledgements;
  }

  /** @returns whether only a renewal can tell what happened @throws when a listener failed */
  async notice({ channel, payload = '' }: Notice): Promise<boolean> {
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
    for (const change of changes) await this.feed.publish(change);
    for (const xid of new Set(changes.map(({ xid }) => xid))) {
      this.announced.since.add(xid);
      this.owe(writer, xid);
    }
    return false;
  }

  sendingRenewal(): void {
    this.announced = { before: this.announced.since, since: new Set() };
  }

  /** @param changes what a renewal brought @throws when a listener failed */
  async receive(changes: readonly WrittenChange[]): Promise<void> {
    for (const change of changes) {
      // Also what the feed knows already: that may have been before this history began.
      this.coherence.record(change.xid, change.tags);
      await this.feed.publish(change);
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

  /** Transactions by writer, to be acknowledged now. */
  takeOwed(): ReadonlyMap<string, readonly number[]> {
    const { owed } = this;
    this.owed = new Map();
    return owed;
  }
}
