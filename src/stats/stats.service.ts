import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { z } from 'zod';
import { Config } from '../config.js';
import { buildInfo } from '../platform/build-info/build-info.js';
import { CacheTally } from '../platform/cache/cache-tally.js';
import { type LookupResult, ObjectCache } from '../platform/cache/object-cache.js';
import type { Stats } from './stats.schemas.js';

/** Events evict the counts. The TTL only limits how long a change made outside of the outbox goes unnoticed. */
const TTL_SECONDS = 60;
const count = z.int().min(0);

/** The counts of each side, and the tags of every event that changes them. */
const SIDES = {
  blog: {
    // Counts the same categories as their list shows, so not those with drafts only.
    numbers: `(SELECT count(*)::int FROM posts WHERE status = 'published') AS posts,
      (SELECT count(*)::int FROM categories c WHERE c.id = 1
        OR EXISTS (SELECT FROM posts p WHERE p.category_id = c.id AND p.status = 'published')) AS categories`,
    tags: ['categories'],
    schema: z.strictObject({ version: z.string(), posts: count, categories: count }),
  },
  users: {
    numbers: '(SELECT count(*)::int FROM users) AS users',
    tags: ['users'],
    schema: z.strictObject({ version: z.string(), users: count }),
  },
};
type Side = keyof typeof SIDES;

interface Counts {
  readonly version: string;
  readonly posts?: number | undefined;
  readonly categories?: number | undefined;
  readonly users?: number | undefined;
}

/** An overview for operators. */
@Injectable()
export class StatsService {
  constructor(
    private readonly pool: Pool,
    private readonly cache: ObjectCache,
    private readonly caches: CacheTally,
    private readonly config: Config,
  ) {}

  /** Counts published posts only. @throws if PostgreSQL cannot be reached */
  async get(): Promise<Stats> {
    const { role } = this.config;
    const sides: readonly Side[] = role === 'all' ? ['blog', 'users'] : [role];
    const found = await Promise.all(sides.map((side) => this.countsOf(side)));
    const { version, ...counts } = found.reduce((all, one) => ({ ...all, ...one }));
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

  /** The caches of readers' requests only. */
  private cacheUse(): Stats['cache'] {
    let [hits, misses] = [0, 0];
    for (const [name, counts] of this.caches.all()) {
      if (name === 'stats') continue;
      hits += counts.hits.memory + counts.hits.redis;
      misses += counts.misses;
    }
    return { hits, misses, hit_ratio: hits + misses === 0 ? null : hits / (hits + misses) };
  }

  /** Counting a million rows takes a tenth of a second, so it is done once after each change for all callers. */
  private countsOf(side: Side): Promise<Counts> {
    const schema: z.ZodType<Counts> = SIDES[side].schema;
    const lookUp = (): Promise<LookupResult<Counts>> => this.count(side);
    return this.cache.get({ cache: 'stats', key: side, ttlSeconds: TTL_SECONDS, schema, lookUp });
  }

  private async count(side: Side): Promise<LookupResult<Counts>> {
    const { numbers, tags } = SIDES[side];
    const { rows } = await this.pool.query<Counts & { readonly snapshot: string }>(
      `SELECT pg_current_snapshot()::text AS snapshot, current_setting('server_version') AS version, ${numbers}`,
    );
    const { snapshot, ...value } = rows[0]!;
    return { value, tags, snapshot };
  }
}
