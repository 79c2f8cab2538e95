import { Logger } from '@nestjs/common';
import type { Pool, PoolClient } from 'pg';

const TOP_UP_INTERVAL_MS = 5_000;

/** Opens the pool's first `min` connections and reopens those that are lost, so that no burst pays for connecting. */
export class ConnectionPoolKeeper {
  private readonly logger = new Logger('Database');
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly pool: Pool,
    private readonly min: number,
  ) {
    // node-pg's pool handles errors of idle clients only; on a checked-out one they would end the process.
    pool.on('connect', (client: PoolClient) =>
      client.on('error', (error) => this.logger.warn(`Connection lost: ${error.message}`)),
    );
    pool.on('error', () => undefined);
    this.timer = setInterval(() => void this.topUp().catch(() => undefined), TOP_UP_INTERVAL_MS).unref();
  }

  /** @throws when the database cannot be reached */
  async topUp(): Promise<void> {
    const missing = Math.max(0, this.min - this.pool.totalCount);
    // All at once: a client that is released before the next connect would be handed out again.
    const opened = await Promise.allSettled(Array.from({ length: missing }, () => this.pool.connect()));
    for (const result of opened) if (result.status === 'fulfilled') result.value.release();
    const failed = opened.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason as Error;
  }

  stop(): void {
    clearInterval(this.timer);
  }
}
