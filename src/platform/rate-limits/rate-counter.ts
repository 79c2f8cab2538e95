import type { Pool } from 'pg';
import {
  RateLimiterMemory,
  RateLimiterPostgres,
  RateLimiterRedis,
  RateLimiterRes,
  type RateLimiterAbstract,
} from 'rate-limiter-flexible';
import type { Redis } from '../redis/redis.js';
import type { PolicyName, RateLimitPolicy } from './rate-limit-policies.js';

/** The use of a quota in the current window. */
export interface QuotaUse {
  readonly consumed: number;
  readonly msUntilReset: number;
}

/** One more use that was counted. */
export interface CountedUse extends QuotaUse {
  /** Takes the use back where it was counted. */
  readonly undo: () => Promise<void>;
}

export interface CounterStores {
  readonly pool: Pool;
  readonly redis: Redis | null;
}

/**
 * Counts by key within the windows of one policy. Counts in Redis; without Redis or while it fails, the policy decides
 * where.
 */
export class RateCounter {
  private readonly inRedis: RateLimiterRedis | null;
  private readonly withoutRedis: RateLimiterAbstract;

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
    this.withoutRedis =
      policy.sparesPostgres === true
        ? new RateLimiterMemory(options)
        : new RateLimiterPostgres({
            ...options,
            storeClient: pool,
            storeType: 'pool',
            tableName: 'rate_limits',
            tableCreated: true,
            clearExpiredByTimeout: false,
          });
  }

  /** @throws if PostgreSQL cannot be reached either */
  async count(key: string): Promise<CountedUse> {
    const result = this.inRedis === null ? null : await countInRedis(this.inRedis, key);
    return this.inRedis !== null && result !== null && isCount(result, this.policy)
      ? countedOf(this.inRedis, key, result)
      : countedOf(this.withoutRedis, key, await countIn(this.withoutRedis, key));
  }
}

/** The reply may not come from a healthy Redis. An implausible count must not lock anyone out. */
const isCount = (
  { consumedPoints, msBeforeNext }: RateLimiterRes,
  { windowSeconds }: RateLimitPolicy,
): boolean =>
  Number.isSafeInteger(consumedPoints) &&
  consumedPoints > 0 &&
  msBeforeNext >= 0 &&
  msBeforeNext <= windowSeconds * 1000;

/** @returns null while Redis fails */
async function countInRedis(limiter: RateLimiterRedis, key: string): Promise<RateLimiterRes | null> {
  try {
    return await countIn(limiter, key);
  } catch {
    // A busy process may read the reply too late. Redis has then counted, and a second command reads the count.
    return limiter.get(key).catch(() => null);
  }
}

/** The library rejects with the same kind of result when the limit is exceeded. */
async function countIn(limiter: RateLimiterAbstract, key: string): Promise<RateLimiterRes> {
  try {
    return await limiter.consume(key);
  } catch (result) {
    if (result instanceof RateLimiterRes) return result;
    throw result;
  }
}

const countedOf = (limiter: RateLimiterAbstract, key: string, result: RateLimiterRes): CountedUse => ({
  consumed: result.consumedPoints,
  msUntilReset: result.msBeforeNext,
  undo: async () => {
    // If this fails, the count is one too high until the window ends. That is no reason to fail a successful request.
    await limiter.reward(key).catch(() => undefined);
  },
});
