import { Injectable } from '@nestjs/common';
import type { PolicyName } from '../platform/rate-limits/rate-limit-policies.js';
import { RateLimits } from '../platform/rate-limits/rate-limits.js';

/** Where a login attempt comes from. */
export interface Origin {
  /** The client network, in whose name the password is hashed. */
  readonly network: string;
  /** Undefined if there is no such account. */
  readonly accountId: number | undefined;
  /** The second key that failures are counted by, besides the account: a network, a known device or a session. */
  readonly source: string;
  /** True if the account has used the source before. Then only failures from this source count. */
  readonly isKnown: boolean;
}

const SLOW: readonly PolicyName[] = ['login-account-15m', 'login-account-1h', 'login-account-1d'];

/**
 * Limits wrong passwords per account: one quota per minute by account and source, and slower quotas by account alone,
 * so that a thousand networks do not get a thousand quotas. A known source has slower quotas of its own, so that others
 * cannot use them up (docs/decisions/login-limits.md).
 */
@Injectable()
export class FailedLogins {
  constructor(private readonly limits: RateLimits) {}

  /**
   * Counts before the check, so that concurrent guesses gain nothing.
   * @returns a function that takes the count back after a success
   * @throws RateLimited
   */
  begin(username: string, { accountId, source, isKnown }: Origin): Promise<() => Promise<void>> {
    const own = `${username}|${source}`;
    const slowKey = isKnown ? own : username;
    return this.limits.consumeAll(
      [['login-account', own], ...SLOW.map((name): [PolicyName, string] => [name, slowKey])],
      accountId,
    );
  }
}
