import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Pool } from 'pg';
import { queriesFor } from './query-purpose.js';

const INTERVAL_MS = 600_000;

/** Statements that delete expired rows. They run every ten minutes, on one replica or another. */
@Injectable()
export class Housekeeping implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Housekeeping');
  private readonly statements = new Map<string, string>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly pool: Pool) {}

  /** @param name for the log @param sql one statement that may run at any time and any number of times */
  register(name: string, sql: string): void {
    this.statements.set(name, sql);
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.sweep(), INTERVAL_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /**
   * Runs every statement. A failure is logged, and the statement runs again next time.
   * @returns the number of deleted rows, by name
   */
  async sweep(): Promise<ReadonlyMap<string, number>> {
    const deleted = new Map<string, number>();
    for (const [name, sql] of this.statements) {
      try {
        deleted.set(name, (await queriesFor('job', () => this.pool.query(sql))).rowCount ?? 0);
      } catch (error) {
        this.logger.warn(`${name}: ${(error as Error).message}`);
      }
    }
    return deleted;
  }
}
