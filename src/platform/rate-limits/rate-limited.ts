import { Problem, type Refusal } from '../errors/problem.js';
import type { PolicyName, RateLimitPolicy } from './rate-limit-policies.js';

/** The state of a quota after a request has been counted. */
export interface QuotaState {
  readonly name: PolicyName;
  readonly policy: RateLimitPolicy;
  readonly remaining: number;
  /** The time until the full quota is available again. */
  readonly resetSeconds: number;
}

/**
 * `RateLimit` and `RateLimit-Policy` in the format of draft-ietf-httpapi-ratelimit-headers (structured fields, RFC
 * 9651).
 */
export const rateLimitHeaders = ({ name, policy, remaining, resetSeconds }: QuotaState) => ({
  ratelimit: `"${name}";r=${remaining};t=${resetSeconds}`,
  'ratelimit-policy': `"${name}";q=${policy.quota};w=${policy.windowSeconds}`,
});

/** 429: a quota is used up. Nothing was done. */
export class RateLimited extends Problem {
  override readonly refusal: Refusal;

  /** @param accountId set if the quota is an account's */
  constructor(quota: QuotaState, accountId?: number) {
    const { name, policy, resetSeconds } = quota;
    const allowed = policy.counts === undefined ? policy.quota : `${policy.quota} ${policy.counts}`;
    super({
      code: 'request.rate_limited',
      detail: `${allowed} in ${policy.windowSeconds} seconds are allowed. Try again in ${resetSeconds} seconds.`,
      headers: { ...rateLimitHeaders(quota), 'retry-after': String(resetSeconds) },
    });
    this.refusal = { message: 'Rate limit reached', policy: name, account_id: accountId };
  }
}
