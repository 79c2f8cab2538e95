import { Injectable } from '@nestjs/common';
import type { PoolClient, QueryArrayResult, QueryResult } from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { queriesFor } from '../database/query-purpose.js';
import { type Change, ChangeFeed } from '../events/change-feed.js';
import { Acknowledgements } from './acknowledgements.js';
import { CoherenceTally } from './coherence-tally.js';
import type { CommitWait, LeaseList } from './commit-wait.js';
import { notificationOf } from './notification.js';

/**
 * Not in the writing transaction: NOTIFY holds a database-wide lock through the flush of its commit. Should it be lost, the
 * replicas poll. The leases are read after it, in the same message: who is not among them polls later than the commit.
 */
const announcement = (client: PoolClient, text: string): string => `
  BEGIN;
  SET LOCAL synchronous_commit = off;
  SELECT pg_notify('outbox', ${client.escapeLiteral(text)});
  COMMIT;
  SELECT r.id::text, ${ms('r.expires_at - clock_timestamp()')} AS "leftMs",
    ${ms('clock_timestamp() - e.began_at')} AS "historyAgeMs"
  FROM cache_epoch AS e LEFT JOIN replica AS r ON r.expires_at > clock_timestamp()`;

const ms = (interval: string): string => `(extract(epoch FROM ${interval}) * 1000)::float8`;

interface LeaseRow {
  /** Null when nobody holds a lease. */
  readonly id: string | null;
  readonly leftMs: number;
  readonly historyAgeMs: number;
}

/** A write whose changes are in the outbox, but not yet committed. */
export interface PendingWrite {
  /** To be called with the reply to the COMMIT. @returns when it may be answered, and when the connection is free again */
  readonly committed: (client: PoolClient) => { answerable: Promise<void>; announced: Promise<void> };
  readonly abandoned: () => void;
}

/** Tells every process of a commit, and waits until none of them serves from a cache what was before it. */
@Injectable()
export class WriteAnnouncer {
  constructor(
    private readonly feed: ChangeFeed,
    private readonly acknowledgements: Acknowledgements,
    private readonly tally: CoherenceTally,
  ) {}

  get writer(): string {
    return this.acknowledgements.replica;
  }

  /** Must be called before COMMIT is sent. @param changes of one transaction */
  expect(changes: readonly [Change, ...Change[]]): PendingWrite {
    const { xid } = changes[0];
    const wait = this.acknowledgements.expect(xid);
    return {
      committed: (client) => {
        wait.committed(performance.now());
        const announced = queriesFor('bus', () => this.announce(changes, wait, client));
        return { announced, answerable: this.answerable(changes, xid, announced) };
      },
      abandoned: () => this.acknowledgements.forget(xid),
    };
  }

  /** Never rejects: without an answer of PostgreSQL every lease is waited for. */
  private async announce(changes: readonly Change[], wait: CommitWait, client: PoolClient): Promise<void> {
    try {
      const results = (await client.query(
        announcement(client, notificationOf(this.writer, changes)),
      )) as unknown as (QueryResult<LeaseRow> | QueryArrayResult)[];
      const leases = leasesOf((results.at(-1) as QueryResult<LeaseRow>).rows, this.writer);
      if (leases !== undefined) wait.leasesWere(leases, performance.now());
    } catch {
      this.tally.lostAnnouncements += 1;
    }
  }

  private async answerable(changes: readonly Change[], xid: number, announced: Promise<void>): Promise<void> {
    const committedAtMs = performance.now();
    for (const change of changes) await this.feed.publish(change);
    if (changes.every(({ tags }) => tags.length === 0)) return this.acknowledgements.forget(xid);
    await Promise.race([announced, sleep(this.acknowledgements.fullLeaseMs, undefined, { ref: false })]);
    const isLate = await this.acknowledgements.answerable(xid);
    this.tally.waited((performance.now() - committedAtMs) / 1000, isLate);
  }
}

function leasesOf(rows: readonly LeaseRow[], own: string): LeaseList | undefined {
  const [first] = rows;
  if (first === undefined) return undefined;
  const replicas = rows.flatMap(({ id, leftMs }) => (id === null || id === own ? [] : [{ id, leftMs }]));
  return { historyAgeMs: first.historyAgeMs, replicas };
}
