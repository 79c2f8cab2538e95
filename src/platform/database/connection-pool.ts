import type { OnApplicationShutdown } from '@nestjs/common';
import { outlast } from '../resilience/running-time.js';
import type { SharedPool } from './pool.js';

const TOP_UP_INTERVAL_MS = 5_000;
const PATIENCE_MS = 500;
/** By the time the pool closes, all requests have ended. */
const CLOSE_TIMEOUT_MS = 2_000;

/**
 * Opens the first `min` connections of the pool and replaces those that are lost, so that bursts need not wait for new
 * connections.
 */
export class ConnectionPoolKeeper implements OnApplicationShutdown {
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly pool: SharedPool,
    private readonly min: number,
  ) {
    this.timer = setInterval(() => void this.topUp().catch(() => undefined), TOP_UP_INTERVAL_MS).unref();
  }

  /** @throws if the database cannot be reached */
  async topUp(): Promise<void> {
    const missing = Math.max(0, this.min - this.pool.totalCount);
    if (missing === 0) return;
    // The pool hands out its idle connections first, so this takes those as well, all at the same time.
    const count = missing + this.pool.idleCount;
    const opened = await Promise.allSettled(Array.from({ length: count }, () => this.pool.connect()));
    for (const result of opened) if (result.status === 'fulfilled') result.value.release();
    const failed = opened.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason as Error;
  }

  /** Ends every connection unless one of them gets a reply in time. Otherwise their queries would wait for nothing. */
  async cutWhenSilent(): Promise<void> {
    // A busy pool may not run this query in time, so replies to other queries count as well.
    const before = this.pool.answered;
    const isOver = new AbortController();
    const answer = this.pool.query('SELECT').catch(() => outlast(PATIENCE_MS, isOver.signal));
    await Promise.race([answer, outlast(PATIENCE_MS, isOver.signal)]);
    isOver.abort();
    if (this.pool.answered === before) this.pool.cut();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
    // The pool waits for its connections to end. One that hangs must not keep the process alive.
    setTimeout(() => this.pool.cut(), CLOSE_TIMEOUT_MS).unref();
  }
}
