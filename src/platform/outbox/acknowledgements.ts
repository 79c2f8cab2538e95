import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { Config } from '../../config.js';
import { fullLeaseMs } from '../coherence/coherence.js';
import { CommitWait } from '../coherence/commit-wait.js';
import { LeaseWatch } from '../coherence/lease-watch.js';

/** A commit that waits for the other replicas before it is answered. */
export interface ExpectedCommit {
  readonly xid: number;
  readonly wait: CommitWait;
  /** Called for each acknowledgement. */
  changed: () => void;
}

/** The commits of this process that wait for acknowledgements of other replicas. */
@Injectable()
export class Acknowledgements {
  /** Identifies this process: as a writer in the outbox, and as a replica. */
  readonly replica = randomUUID();
  /** After this long, every lease renewed before a commit has run out. */
  readonly fullLeaseMs: number;
  /** The leases of the other replicas. */
  readonly leases: LeaseWatch;
  private readonly waits = new Map<number, ExpectedCommit>();

  constructor({ coherenceLeaseMs }: Config) {
    this.fullLeaseMs = fullLeaseMs(coherenceLeaseMs);
    this.leases = new LeaseWatch(this.fullLeaseMs);
  }

  /** Call this before COMMIT is sent, because acknowledgements may arrive before its reply. */
  expect(xid: number): ExpectedCommit {
    const expected = { xid, wait: new CommitWait(this.fullLeaseMs), changed: () => undefined };
    this.waits.set(xid, expected);
    return expected;
  }

  /** Call this when another replica has recorded these transactions. */
  received(replica: string, xids: readonly number[]): void {
    for (const xid of xids) {
      const expected = this.waits.get(xid);
      expected?.wait.acknowledge(replica);
      expected?.changed();
    }
  }

  forget(expected: ExpectedCommit): void {
    if (this.waits.get(expected.xid) === expected) this.waits.delete(expected.xid);
  }

  /** Begins a history. No replica will acknowledge commits of the old one, so they wait for the leases. */
  begin(): void {
    this.waits.clear();
    this.leases.begin();
  }

  /** Resolves when the commit may be answered. @returns true if a lease had to run out first */
  async answerable(expected: ExpectedCommit): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    let timer: NodeJS.Timeout | undefined;
    const check = (isLate: boolean): void => {
      const leftMs = expected.wait.answerableAtMs - performance.now();
      clearTimeout(timer);
      if (leftMs <= 0) resolve(isLate);
      else timer = setTimeout(() => check(true), Math.ceil(leftMs));
    };
    expected.changed = () => check(false);
    check(false);
    return promise.finally(() => this.forget(expected));
  }
}

/** The counters of the protocol, which are read when Prometheus scrapes. */
export class CoherenceTally {
  /** Writes that were answered only after the lease of a replica had run out. */
  leaseWaits = 0;
  /** Commits whose announcement failed. */
  lostAnnouncements = 0;
  /** Observes how long a committed write waited for the replicas. Set by the metrics module. */
  observeWait: (seconds: number) => void = () => undefined;

  waited(seconds: number, isLate: boolean): void {
    if (isLate) this.leaseWaits += 1;
    this.observeWait(seconds);
  }
}
