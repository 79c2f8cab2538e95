import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Pool } from 'pg';
import { Config } from '../../config.js';
import { Redis } from '../redis/redis.js';

const TIMEOUT_MS = 1_000;

/** The servers this process needs, each with the cheapest question that only a working one answers. */
@Injectable()
export class Dependencies implements OnApplicationShutdown {
  /** One connection of its own: that all others are busy is no reason to take a process out of service. */
  private readonly probe: Pool;
  /** On the clock of performance.now(); never yet. */
  private postgresAnsweredAt = -Infinity;

  constructor(
    private readonly config: Config,
    @Inject(Redis) private readonly redis: Redis | null,
  ) {
    this.probe = new Pool({
      connectionString: config.databaseUrl,
      application_name: 'inkwell readiness',
      max: 1,
      connectionTimeoutMillis: TIMEOUT_MS,
      query_timeout: TIMEOUT_MS,
    });
    // The next question opens a new connection.
    this.probe.on('error', () => undefined);
  }

  get hasRedis(): boolean {
    return this.redis !== null;
  }

  /** @throws when there is no answer within a second */
  async askPostgres(): Promise<void> {
    await this.probe.query('SELECT 1');
    this.postgresAnsweredAt = performance.now();
  }

  /** It answered so short a time ago that the answers kept from then may still be served. */
  get isPostgresMissedBriefly(): boolean {
    return performance.now() - this.postgresAnsweredAt < this.config.staleIfErrorSeconds * 1000;
  }

  /** @throws when there is no answer in the client's own time */
  async askRedis(): Promise<void> {
    await this.redis?.ping();
  }

  onApplicationShutdown(): Promise<void> {
    return this.probe.end();
  }
}
