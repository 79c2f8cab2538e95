import { Inject, Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { Config } from '../../config.js';
import { Counter, InjectMetric, makeCounterProvider } from '../metrics/instruments.js';
import type { Transaction } from '../outbox/transaction-runner.js';
import { Redis } from '../redis/redis.js';
import { countInTransaction } from './count-in-transaction.js';
import { type QuotaUse, RateCounter } from './rate-counter.js';
import { policiesOf, type PolicyName, type RateLimitPolicy } from './rate-limit-policies.js';
import { type QuotaState, RateLimited } from './rate-limited.js';

const REFUSALS = 'rate_limited_total';

export const refusalCounter = makeCounterProvider({
  name: REFUSALS,
  help: 'Requests refused because a quota was used up.',
  labelNames: ['policy'],
});

/** A use of a quota that was counted and not refused. */
export interface Admitted extends QuotaState {
  /** Takes the use back. */
  readonly undo: () => Promise<void>;
}

/** Counts uses by policy and key, and refuses those beyond the quota. */
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

  /** Counts one more use. @param accountId for the log @throws RateLimited if the quota is used up */
  async consume(name: PolicyName, key: string, accountId?: number): Promise<Admitted> {
    // The map contains every policy name.
    const counter = this.counters.get(name)!;
    const counted = await counter.count(key);
    return { ...this.admit(counter, counted, accountId), undo: counted.undo };
  }

  /**
   * Counts one more use in PostgreSQL if the transaction commits. A transaction may run again, so no other way of
   * counting works in it.
   * @param accountId for the log
   * @throws RateLimited if the quota is used up
   */
  async consumeIn(tx: Transaction, name: PolicyName, key: string, accountId?: number): Promise<void> {
    const counter = this.counters.get(name)!;
    this.admit(counter, await countInTransaction(tx, counter, key), accountId);
  }

  private admit(counter: RateCounter, counted: QuotaUse, accountId: number | undefined): QuotaState {
    const state = stateOf(counter, counted);
    if (counted.consumed <= counter.policy.quota) return state;
    this.refusals.inc({ policy: counter.name });
    throw new RateLimited(state, accountId);
  }

  /**
   * Counts one more use of each quota at the same time, which takes one round trip to Redis. If one is used up, the
   * others are taken back.
   * @throws RateLimited
   */
  async consumeTogether(quotas: readonly [PolicyName, string][]): Promise<readonly QuotaState[]> {
    const outcomes = await Promise.allSettled(quotas.map(([name, key]) => this.consume(name, key)));
    const admitted = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    const refused = outcomes.find((outcome) => outcome.status === 'rejected');
    if (refused === undefined) return admitted;
    await Promise.all(admitted.map((quota) => quota.undo()));
    throw refused.reason;
  }

  /**
   * Counts one use against every quota, or against none. Unlike `consumeTogether`, it takes the quotas in order: an
   * attempt that the first refuses never counts against the next, not even briefly, so a flood of attempts cannot use it
   * up.
   * @returns a function that undoes the counts
   * @throws RateLimited if a quota is used up
   */
  async consumeAll(
    quotas: readonly [PolicyName, string][],
    accountId?: number,
  ): Promise<() => Promise<void>> {
    const admitted: Admitted[] = [];
    const undo = async (): Promise<void> => {
      await Promise.all(admitted.map((quota) => quota.undo()));
    };
    try {
      for (const [name, key] of quotas) admitted.push(await this.consume(name, key, accountId));
    } catch (error) {
      await undo();
      throw error;
    }
    return undo;
  }
}

const stateOf = ({ name, policy }: RateCounter, { consumed, msUntilReset }: QuotaUse): QuotaState => ({
  name,
  policy,
  remaining: Math.max(0, policy.quota - consumed),
  resetSeconds: Math.max(1, Math.ceil(msUntilReset / 1000)),
});
