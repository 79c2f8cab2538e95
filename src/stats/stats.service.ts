import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { Config } from '../config.js';
import { buildInfo } from '../platform/build-info/build-info.js';
import { CacheTally } from '../platform/cache/cache-tally.js';
import type { Stats } from './stats.schemas.js';

/** Counting is not free: however often it is asked for, it is done once in this time. */
const MEMORY_MS = 5_000;

const COUNTS = {
  blog: `, (SELECT count(*)::int FROM posts WHERE status = 'published') AS posts,
    (SELECT count(*)::int FROM categories) AS categories`,
  users: ', (SELECT count(*)::int FROM users) AS users',
};

/** Each side counts what it serves. */
const countOf = (role: Config['role']): string =>
  `SELECT current_setting('server_version') AS version${role === 'all' ? COUNTS.blog + COUNTS.users : COUNTS[role]}`;

interface Counts {
  readonly version: string;
  readonly posts?: number;
  readonly categories?: number;
  readonly users?: number;
}

/** What an operator wants to see at one glance. */
@Injectable()
export class StatsService {
  private counts: Promise<Counts> | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly caches: CacheTally,
    private readonly config: Config,
  ) {}

  /** Published posts only. @throws when PostgreSQL cannot be reached */
  async get(): Promise<Stats> {
    const { version, ...counts } = await (this.counts ??= this.count());
    const { totalCount, idleCount, waitingCount } = this.pool;
    const connections = { idle: idleCount, in_use: totalCount - idleCount, pending: waitingCount };
    return {
      ...buildInfo,
      uptime_seconds: Math.floor(process.uptime()),
      database: { version, connections },
      cache: this.cacheUse(),
      ...counts,
    };
  }

  private cacheUse(): Stats['cache'] {
    let [hits, misses] = [0, 0];
    for (const counts of this.caches.all().values()) {
      hits += counts.hits.memory + counts.hits.redis;
      misses += counts.misses;
    }
    return { hits, misses, hit_ratio: hits + misses === 0 ? null : hits / (hits + misses) };
  }

  private count(): Promise<Counts> {
    const forget = (): void => {
      this.counts = undefined;
    };
    const counting = this.pool.query<Counts>(countOf(this.config.role)).then(({ rows }) => rows[0]!);
    counting.then(() => setTimeout(forget, MEMORY_MS).unref(), forget);
    return counting;
  }
}
