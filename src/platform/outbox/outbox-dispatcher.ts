import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Pool } from 'pg';
import { OutboxCursor } from './outbox-cursor.js';
import { OutboxLag } from './outbox-lag.js';
import { TransactionRunner } from './transaction-runner.js';
import type { WorkListener } from './work-listener.js';
import { WorkLoops } from './work-loops.js';

const INTERVAL_MS = 1_000;

/** Passes the rows of the outbox to the work listeners. */
@Injectable()
export class OutboxDispatcher implements OnApplicationBootstrap {
  private readonly cursors: OutboxCursor[] = [];

  constructor(
    private readonly transactions: TransactionRunner,
    private readonly pool: Pool,
    private readonly lag: OutboxLag,
    private readonly loops: WorkLoops,
  ) {}

  /** Creates the cursors of new listeners before the application serves requests, so that they miss no change. */
  async onApplicationBootstrap(): Promise<void> {
    for (const cursor of this.cursors) await cursor.begin();
  }

  /** Call this while the application starts. */
  register(listener: WorkListener): void {
    const cursor = new OutboxCursor(this.transactions, this.pool, listener);
    this.cursors.push(cursor);
    const source = `outbox/${listener.name}`;
    const work = async (): Promise<boolean> => {
      const { lagSeconds, shouldAdvance } = await cursor.check();
      this.lag.report(source, lagSeconds);
      if (!shouldAdvance || !(await cursor.advance())) return false;
      this.lag.report(source, 0);
      listener.onTaken();
      return false;
    };
    this.loops.add({
      name: `Outbox ${listener.name}`,
      intervalMs: INTERVAL_MS,
      isWokenByChanges: true,
      work,
    });
  }
}
