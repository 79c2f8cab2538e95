import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Pool } from 'pg';
import { queriesFor } from './query-purpose.js';

const INTERVAL_MS = 2_000;
const INSUFFICIENT_PRIVILEGE = '42501';

/** Needs 128 KiB of new space for a moment. Both statements form one transaction, which leaves nothing behind. */
const PROBE = `
  CREATE TEMP TABLE inkwell_space (filler text) ON COMMIT DROP;
  INSERT INTO inkwell_space SELECT repeat('x', 2000) FROM generate_series(1, 64)`;

/**
 * Knows when PostgreSQL has no space left: from the first write that fails for this reason until a probe finds space.
 */
@Injectable()
export class StorageWatch implements OnApplicationShutdown {
  private readonly logger = new Logger('Database');
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly pool: Pool) {}

  get isFull(): boolean {
    return this.timer !== undefined;
  }

  /** Call this when a statement has failed because the disk is full. */
  noteFull(): void {
    if (this.isFull) return;
    this.logger.error('PostgreSQL has no space left: writes are refused until it has');
    this.lookLater();
  }

  onApplicationShutdown(): void {
    clearTimeout(this.timer);
  }

  private lookLater(): void {
    this.timer = setTimeout(() => void queriesFor('job', () => this.look()), INTERVAL_MS).unref();
  }

  private async look(): Promise<void> {
    try {
      await this.pool.query(PROBE);
    } catch (error) {
      // A role without the right to create temporary tables cannot probe. The next write that fails reports the problem
      // again.
      if ((error as { code?: unknown }).code !== INSUFFICIENT_PRIVILEGE) return this.lookLater();
    }
    this.timer = undefined;
    this.logger.log('PostgreSQL has space again');
  }
}
