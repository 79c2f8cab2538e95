import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Pool } from 'pg';
import { Config } from '../../config.js';
import { StorageWatch } from '../database/storage-watch.js';
import { Redis } from '../redis/redis.js';

const TIMEOUT_MS = 1_000;

/** The servers that this process needs, each with its cheapest health check. */
@Injectable()
export class Dependencies implements OnApplicationShutdown {
  /** A separate connection, because a busy pool is no reason to take a process out of service. */
  private readonly probe: Pool;
  /** When PostgreSQL last answered, on the clock of performance.now(). */
  private postgresAnsweredAt = -Infinity;

  constructor(
    private readonly config: Config,
    @Inject(Redis) private readonly redis: Redis | null,
    private readonly storage: StorageWatch,
  ) {
    this.probe = new Pool({
      connectionString: config.databaseUrl,
      application_name: 'inkwell readiness',
      max: 1,
      connectionTimeoutMillis: TIMEOUT_MS,
      query_timeout: TIMEOUT_MS,
    });
    // The next check opens a new connection.
    this.probe.on('error', () => undefined);
  }

  get hasRedis(): boolean {
    return this.redis !== null;
  }

  /** @throws if there is no answer within a second */
  async askPostgres(): Promise<void> {
    await this.probe.query('SELECT 1');
    this.postgresAnsweredAt = performance.now();
  }

  /** True while PostgreSQL answers but refuses to write. */
  get isStorageFull(): boolean {
    return this.storage.isFull;
  }

  /** True if PostgreSQL answered so recently that answers from then may still be served. */
  get isPostgresMissedBriefly(): boolean {
    return performance.now() - this.postgresAnsweredAt < this.config.staleIfErrorSeconds * 1000;
  }

  /** @throws if there is no answer within the client's timeout */
  async askRedis(): Promise<void> {
    await this.redis?.ping();
  }

  onApplicationShutdown(): Promise<void> {
    return this.probe.end();
  }
}
