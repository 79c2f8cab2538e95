import { Inject, Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import {
  RateLimiterPostgres,
  RateLimiterRedis,
  RateLimiterRes,
  type RateLimiterStoreAbstract,
} from 'rate-limiter-flexible';
import { Config } from '../../config.js';
import { Counter, InjectMetric, makeCounterProvider } from '../metrics/instruments.js';
import { Redis } from '../redis/redis.js';
import { policiesOf, type PolicyName, type RateLimitPolicy } from './rate-limit-policies.js';
import type { QuotaState } from './rate-limit-headers.js';
import { RateLimited } from './rate-limited.js';

const REFUSALS = 'rate_limited_total';

export const refusalCounter = makeCounterProvider({
  name: REFUSALS,
  help: 'Requests refused because a quota was used up.',
  labelNames: ['policy'],
});

interface Limit {
  readonly policy: RateLimitPolicy;
  readonly limiter: RateLimiterStoreAbstract;
}

/** Counts by policy and key: in Redis, in PostgreSQL without it and whenever it fails. */
@Injectable()
export class RateLimits {
  private readonly limits: ReadonlyMap<PolicyName, Limit>;

  constructor(
    config: Config,
    private readonly pool: Pool,
    @Inject(Redis) private readonly redis: Redis | null,
    @InjectMetric(REFUSALS) private readonly refusals: Counter,
  ) {
    const policies = Object.entries(policiesOf(config)) as [PolicyName, RateLimitPolicy][];
    this.limits = new Map(
      policies.map(([name, policy]) => [name, { policy, limiter: this.limiterOf(name, policy) }]),
    );
  }

  /** Counts one more. @throws RateLimited when the quota was used up before */
  async consume(name: PolicyName, key: string): Promise<QuotaState> {
    const { policy, limiter } = this.limit(name);
    try {
      return stateOf(name, policy, await limiter.consume(key));
    } catch (result) {
      if (!(result instanceof RateLimiterRes)) throw result;
      this.refusals.inc({ policy: name });
      throw new RateLimited(stateOf(name, policy, result));
    }
  }

  /** Takes back what one `consume` counted. */
  async refund(name: PolicyName, key: string): Promise<void> {
    await this.limit(name).limiter.reward(key);
  }

  private limit(name: PolicyName): Limit {
    // The map holds every policy name there is.
    return this.limits.get(name)!;
  }

  private limiterOf(name: PolicyName, policy: RateLimitPolicy): RateLimiterStoreAbstract {
    const options = {
      keyPrefix: `inkwell:limit:${name}`,
      points: policy.quota,
      duration: policy.windowSeconds,
    };
    const inPostgres = new RateLimiterPostgres({
      ...options,
      storeClient: this.pool,
      storeType: 'pool',
      tableName: 'rate_limits',
      tableCreated: true,
      clearExpiredByTimeout: false,
    });
    if (this.redis === null) return inPostgres;
    return new RateLimiterRedis({
      ...options,
      storeClient: this.redis,
      rejectIfRedisNotReady: true,
      insuranceLimiter: inPostgres,
    });
  }
}

const stateOf = (name: PolicyName, policy: RateLimitPolicy, result: RateLimiterRes): QuotaState => ({
  name,
  policy,
  remaining: result.remainingPoints,
  resetSeconds: Math.max(1, Math.ceil(result.msBeforeNext / 1000)),
});
