import { Injectable, Logger } from '@nestjs/common';
import type { PoolClient, QueryArrayResult, QueryResult } from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LeaseMark } from '../coherence/lease-watch.js';
import { type Change, notificationOf } from '../coherence/notification.js';
import { ConnectionHistories } from '../database/connection-histories.js';
import { historySql } from '../database/database-history.js';
import { queriesFor } from '../database/query-purpose.js';
import { Acknowledgements, CoherenceTally, type ExpectedCommit } from './acknowledgements.js';
import { ChangeFeed } from './change-feed.js';
import { OutboxConnection } from './outbox-connection.js';

/**
 * NOTIFY is not part of the writing transaction, because it holds a database-wide lock while its commit is flushed. If
 * the announcement is lost, the replicas find the change at their next renewal. The leases are read after it in the
 * same message, so a replica that is not among them renews after the commit.
 */
const announcement = (client: PoolClient, text: string): string => `
  BEGIN;
  SET LOCAL synchronous_commit = off;
  SELECT pg_notify('outbox', ${client.escapeLiteral(text)});
  COMMIT;
  SELECT ${historySql.epoch()} AS epoch, ${OutboxConnection.leaseMarks()} AS leases`;

interface LeasesRow {
  readonly epoch: string | null;
  readonly leases: readonly LeaseMark[];
}

/** A write whose changes are in the outbox, but not yet committed. */
export interface PendingWrite {
  /**
   * Call this when the reply to the COMMIT has arrived.
   * @returns when the write may be answered, and when the connection is free again
   */
  readonly committed: () => { answerable: Promise<void>; announced: Promise<void> };
  readonly abandoned: () => void;
}

/** A commit, and the history that its connection belongs to. */
interface AnnouncedCommit {
  readonly changes: readonly Change[];
  readonly epoch: string;
  readonly expected: ExpectedCommit;
}

/** Announces a commit to every process, and waits until none of them serves cached data from before it. */
@Injectable()
export class WriteAnnouncer {
  private readonly logger = new Logger('Coherence');

  constructor(
    private readonly feed: ChangeFeed,
    private readonly acknowledgements: Acknowledgements,
    private readonly histories: ConnectionHistories,
    private readonly tally: CoherenceTally,
  ) {}

  get writer(): string {
    return this.acknowledgements.replica;
  }

  /**
   * Call this before COMMIT is sent.
   * @param client the connection of the transaction
   * @param changes made by the transaction
   */
  expect(client: PoolClient, changes: readonly [Change, ...Change[]]): PendingWrite {
    const expected = this.acknowledgements.expect(changes[0].xid);
    const write = { changes, epoch: this.histories.epochOf(client), expected };
    return {
      committed: () => {
        expected.wait.committed(performance.now());
        const announced = queriesFor('bus', () => this.announce(write, client));
        return { announced, answerable: this.answerable(write, announced) };
      },
      abandoned: () => this.acknowledgements.forget(expected),
    };
  }

  /** Never rejects. If PostgreSQL does not answer, the write waits for every lease to run out. */
  private async announce({ changes, epoch, expected }: AnnouncedCommit, client: PoolClient): Promise<void> {
    try {
      const results = (await client.query(
        announcement(client, notificationOf(this.writer, changes)),
      )) as unknown as (QueryResult<LeasesRow> | QueryArrayResult)[];
      const { epoch: epochNow, leases } = (results.at(-1) as QueryResult<LeasesRow>).rows[0]!;
      // A database that was restored in between has other leases.
      if (epochNow !== epoch) return;
      const others = leases.filter(({ id }) => id !== this.writer);
      const ends = this.acknowledgements.leases.endsOf(others, performance.now());
      if (ends !== undefined) expected.wait.leasesEnd(ends);
    } catch {
      this.tally.lostAnnouncements += 1;
    }
  }

  /** Never rejects, because the commit cannot be undone. */
  private async answerable(write: AnnouncedCommit, announced: Promise<void>): Promise<void> {
    const { changes, expected } = write;
    const committedAtMs = performance.now();
    if (!(await this.publish(write))) {
      // Waits until this process's own lease has run out. It is renewed only when its listeners have reacted.
      await sleep(this.acknowledgements.fullLeaseMs, undefined, { ref: false });
    }
    if (changes.every(({ tags }) => tags.length === 0)) return this.acknowledgements.forget(expected);
    await Promise.race([announced, sleep(this.acknowledgements.fullLeaseMs, undefined, { ref: false })]);
    const isLate = await this.acknowledgements.answerable(expected);
    this.tally.waited((performance.now() - committedAtMs) / 1000, isLate);
  }

  /** @returns true if every listener of this process has reacted */
  private async publish({ changes, epoch }: AnnouncedCommit): Promise<boolean> {
    try {
      for (const change of changes) await this.feed.publish(change, epoch);
      return true;
    } catch (error) {
      this.logger.error({ message: 'A listener failed after the commit', error });
      return false;
    }
  }
}
