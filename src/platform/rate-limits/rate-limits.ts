import { Inject, Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { Config } from '../../config.js';
import { Counter, InjectMetric, makeCounterProvider } from '../metrics/instruments.js';
import { Redis } from '../redis/redis.js';
import { type Counted, RateCounter } from './rate-counter.js';
import { policiesOf, type PolicyName, type RateLimitPolicy } from './rate-limit-policies.js';
import type { QuotaState } from './rate-limit-headers.js';
import { RateLimited } from './rate-limited.js';

const REFUSALS = 'rate_limited_total';

export const refusalCounter = makeCounterProvider({
  name: REFUSALS,
  help: 'Requests refused because a quota was used up.',
  labelNames: ['policy'],
});

/** A request that was counted and not refused. */
export interface Admitted extends QuotaState {
  /** Takes it back. */
  readonly undo: () => Promise<void>;
}

/** Counts by policy and key, and refuses what is too much. */
@Injectable()
export class RateLimits {
  private readonly counters: ReadonlyMap<PolicyName, RateCounter>;

  constructor(
    config: Config,
    pool: Pool,
    @Inject(Redis) redis: Redis | null,
    @InjectMetric(REFUSALS) private readonly refusals: Counter,
  ) {
    const policies = Object.entries(policiesOf(config)) as [PolicyName, RateLimitPolicy][];
    this.counters = new Map(
      policies.map(([name, policy]) => [name, new RateCounter(name, policy, { pool, redis })]),
    );
  }

  /** Counts one more. @throws RateLimited when the quota was used up before */
  async consume(name: PolicyName, key: string): Promise<Admitted> {
    // The map holds every policy name there is.
    const counter = this.counters.get(name)!;
    const counted = await counter.count(key);
    const state = stateOf(counter, counted);
    if (counted.consumed <= counter.policy.quota) return { ...state, undo: counted.undo };
    this.refusals.inc({ policy: name });
    throw new RateLimited(state);
  }
}

const stateOf = ({ name, policy }: RateCounter, { consumed, msUntilReset }: Counted): QuotaState => ({
  name,
  policy,
  remaining: Math.max(0, policy.quota - consumed),
  resetSeconds: Math.max(1, Math.ceil(msUntilReset / 1000)),
});
