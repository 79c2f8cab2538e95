import { Logger } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import { endAtOnce } from './end-at-once.js';

const TOP_UP_INTERVAL_MS = 5_000;
const PATIENCE_MS = 500;

/** Opens the pool's first `min` connections and reopens those that are lost, so that no burst pays for connecting. */
export class ConnectionPoolKeeper {
  private readonly logger = new Logger('Database');
  private readonly clients = new Set<PoolClient>();
  private readonly timer: NodeJS.Timeout;
  /** Connections given back without an error. */
  private answered = 0;

  constructor(
    private readonly pool: Pool,
    private readonly min: number,
  ) {
    // node-pg's pool handles errors of idle clients only; on a checked-out one they would end the process.
    // Not on 'connect': TypeORM has opened the first ones already.
    pool.on('acquire', (client: PoolClient) => {
      if (this.clients.has(client)) return;
      this.clients.add(client);
      client.on('error', (error) => this.logger.debug(`Connection lost: ${error.message}`));
    });
    pool.on('remove', (client: PoolClient) => this.clients.delete(client));
    pool.on('release', (error: Error | boolean | null | undefined) => {
      if (!(error instanceof Error) && error !== true) this.answered += 1;
    });
    pool.on('error', () => undefined);
    this.timer = setInterval(() => void this.topUp().catch(() => undefined), TOP_UP_INTERVAL_MS).unref();
  }

  /** @throws when the database cannot be reached */
  async topUp(): Promise<void> {
    const missing = Math.max(0, this.min - this.pool.totalCount);
    if (missing === 0) return;
    // All at once, and together with the idle ones, which are handed out first: else they would be opened in place of new ones.
    const asked = missing + this.pool.idleCount;
    const opened = await Promise.allSettled(Array.from({ length: asked }, () => this.pool.connect()));
    for (const result of opened) if (result.status === 'fulfilled') result.value.release();
    const failed = opened.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason as Error;
  }

  /** Ends every connection unless one of them gets an answer in time: what waits for the database waits in vain. */
  async cutWhenSilent(): Promise<void> {
    // The pool may be so busy that a question of ours would wait its turn: what others get an answer to counts as well.
    const before = this.answered;
    const answer = this.pool.query('SELECT').catch(() => sleep(PATIENCE_MS, undefined, { ref: false }));
    await Promise.race([answer, sleep(PATIENCE_MS, undefined, { ref: false })]);
    if (this.answered === before) this.cut();
  }

  /** Ends every connection at once, with the queries that wait on it. */
  cut(): void {
    for (const client of this.clients) endAtOnce(client);
  }

  stop(): void {
    clearInterval(this.timer);
  }
}
