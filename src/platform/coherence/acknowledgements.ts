import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { Config } from '../../config.js';
import { CommitWait } from './commit-wait.js';
import { fullLeaseMs } from './lease.js';

/** Commits of this process that wait for other replicas to say that they know of them. */
@Injectable()
export class Acknowledgements {
  /** Names this process: in the outbox as a writer, and among the replicas. */
  readonly replica = randomUUID();
  /** No lease that was renewed before a commit is left when it is so long ago. */
  readonly fullLeaseMs: number;
  private readonly waits = new Map<number, { readonly wait: CommitWait; changed: () => void }>();

  constructor({ coherenceLeaseMs }: Config) {
    this.fullLeaseMs = fullLeaseMs(coherenceLeaseMs);
  }

  /** Must be called before COMMIT is sent: acknowledgements can be here before its reply. */
  expect(xid: number): CommitWait {
    const wait = new CommitWait(this.fullLeaseMs);
    this.waits.set(xid, { wait, changed: () => undefined });
    return wait;
  }

  /** Another replica has recorded these transactions. */
  received(replica: string, xids: readonly number[]): void {
    for (const xid of xids) {
      const expected = this.waits.get(xid);
      expected?.wait.acknowledge(replica);
      expected?.changed();
    }
  }

  forget(xid: number): void {
    this.waits.delete(xid);
  }

  /** Resolves when the commit may be answered. @returns whether a lease had to run out for it */
  async answerable(xid: number): Promise<boolean> {
    const expected = this.waits.get(xid);
    if (expected === undefined) return false;
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
    return promise.finally(() => this.forget(xid));
  }
}
