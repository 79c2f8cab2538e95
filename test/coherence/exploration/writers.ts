import type { PoolClient } from 'pg';
import { fullLeaseMs } from '../../../src/platform/coherence/coherence.js';
import type { DatabaseHistory } from '../../../src/platform/coherence/history-gate.js';
import type { LeaseMark } from '../../../src/platform/coherence/lease-watch.js';
import { type Change, notificationOf } from '../../../src/platform/coherence/notification.js';
import type { ConnectionHistories } from '../../../src/platform/database/connection-histories.js';
import {
  Acknowledgements,
  CoherenceTally,
  type ExpectedCommit,
} from '../../../src/platform/outbox/acknowledgements.js';
import { ChangeFeed } from '../../../src/platform/outbox/change-feed.js';
import { WriteAnnouncer } from '../../../src/platform/outbox/write-announcer.js';
import { config, LEASE_MS } from './replica.js';

const FULL_MS = fullLeaseMs(LEASE_MS);
const WRITER = '00000000-0000-4000-8000-000000000001';

export interface Write {
  readonly change: Change;
  /** The history of the database when the write began. Its connection ends with that history. */
  readonly history: DatabaseHistory;
  state: 'running' | 'committed' | 'aborted';
  expected: ExpectedCommit | undefined;
  isAnnounced: boolean;
  /** The replica was told, or never will be. */
  isNoticed: boolean;
  isAnswerable: boolean;
  isAnswered: boolean;
}

/** PostgreSQL's answer to an announcement. */
interface Answer {
  readonly isBroken: boolean;
  readonly marks: readonly LeaseMark[];
}

/** The process that writes. The shipped code decides what it waits for, and for how long. */
export class Writers {
  readonly id = WRITER;
  private readonly acknowledgements = new Acknowledgements(config);
  private readonly announcer: WriteAnnouncer;

  /** @param mindsAge false: it trusts the list of leases as soon as a history begins */
  constructor(mindsAge: boolean) {
    Object.assign(this.acknowledgements, { replica: WRITER });
    const { leases } = this.acknowledgements;
    // It has watched the leases for long enough.
    leases.observe([], 0);
    if (!mindsAge) leases.endsOf = (marks, atMs) => new Map(marks.map(({ id }) => [id, atMs + FULL_MS]));
    const histories = {} as ConnectionHistories;
    this.announcer = new WriteAnnouncer(
      new ChangeFeed(),
      this.acknowledgements,
      histories,
      new CoherenceTally(),
    );
  }

  observe(marks: readonly LeaseMark[], nowMs: number): void {
    this.acknowledgements.leases.observe(marks, nowMs);
  }

  acknowledge(replica: string, owed: ReadonlyMap<string, readonly number[]>): void {
    this.acknowledgements.received(replica, owed.get(WRITER) ?? []);
  }

  /** Another history begins. */
  begin(): void {
    this.acknowledgements.begin();
  }

  commit(write: Write, nowMs: number): void {
    write.state = 'committed';
    write.expected = this.acknowledgements.expect(write.change.xid);
    write.expected.wait.committed(nowMs);
    // It waits for the announcement no longer than that.
    setTimeout(() => this.await(write), FULL_MS);
  }

  announce(write: Write, { isBroken, marks }: Answer): void {
    const { change, history, expected } = write;
    write.isAnnounced = true;
    const answer = { rows: [{ epoch: history.epoch, leases: marks }] };
    const query = (): Promise<unknown> =>
      isBroken ? Promise.reject(new Error('It is broken')) : Promise.resolve([answer]);
    const client = { query, escapeLiteral: String } as unknown as PoolClient;
    const committed = { changes: [change], epoch: history.epoch, expected: expected! };
    void this.announcer['announce'](committed, client).then(() => this.await(write));
  }

  noticeOf({ change }: Write): { processId: number; channel: string; payload: string } {
    return { processId: 0, channel: 'outbox', payload: notificationOf(WRITER, [change]) };
  }

  private await(write: Write): void {
    void this.acknowledgements.answerable(write.expected!).then(() => (write.isAnswerable = true));
  }
}
