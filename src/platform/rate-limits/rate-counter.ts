import type { Pool } from 'pg';
import {
  RateLimiterPostgres,
  RateLimiterRedis,
  RateLimiterRes,
  type RateLimiterStoreAbstract,
} from 'rate-limiter-flexible';
import type { Redis } from '../redis/redis.js';
import type { PolicyName, RateLimitPolicy } from './rate-limit-policies.js';

/** One more was counted. */
export interface Counted {
  readonly consumed: number;
  readonly msUntilReset: number;
  /** Takes it back, from where it was counted. */
  readonly undo: () => Promise<void>;
}

export interface CounterStores {
  readonly pool: Pool;
  readonly redis: Redis | null;
}

/** Counts by key within the windows of one policy: in Redis, in PostgreSQL without it and while it fails. */
export class RateCounter {
  private readonly inRedis: RateLimiterRedis | null;
  private readonly inPostgres: RateLimiterPostgres;

  constructor(
    readonly name: PolicyName,
    readonly policy: RateLimitPolicy,
    { pool, redis }: CounterStores,
  ) {
    const options = {
      keyPrefix: `inkwell:limit:${name}`,
      points: policy.quota,
      duration: policy.windowSeconds,
    };
    this.inRedis =
      redis === null
        ? null
        : new RateLimiterRedis({ ...options, storeClient: redis, rejectIfRedisNotReady: true });
    this.inPostgres = new RateLimiterPostgres({
      ...options,
      storeClient: pool,
      storeType: 'pool',
      tableName: 'rate_limits',
      tableCreated: true,
      clearExpiredByTimeout: false,
    });
  }

  /** @throws when PostgreSQL cannot be reached either */
  async count(key: string): Promise<Counted> {
    const result = this.inRedis === null ? null : await countInRedis(this.inRedis, key);
    return this.inRedis !== null && result !== null
      ? countedOf(this.inRedis, key, result)
      : countedOf(this.inPostgres, key, await countIn(this.inPostgres, key));
  }
}

/** @returns null while Redis fails */
async function countInRedis(limiter: RateLimiterRedis, key: string): Promise<RateLimiterRes | null> {
  try {
    return await countIn(limiter, key);
  } catch {
    // A busy process may read the reply too late. Then Redis has counted, and says so when it is asked.
    return limiter.get(key).catch(() => null);
  }
}

/** The library rejects with the same result when it is over the limit. */
async function countIn(limiter: RateLimiterStoreAbstract, key: string): Promise<RateLimiterRes> {
  try {
    return await limiter.consume(key);
  } catch (result) {
    if (result instanceof RateLimiterRes) return result;
    throw result;
  }
}

const countedOf = (limiter: RateLimiterStoreAbstract, key: string, result: RateLimiterRes): Counted => ({
  consumed: result.consumedPoints,
  msUntilReset: result.msBeforeNext,
  undo: async () => {
    // Should it fail, one is counted too many until the window ends: no reason to fail what went well.
    await limiter.reward(key).catch(() => undefined);
  },
});
