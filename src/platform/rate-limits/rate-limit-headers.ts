import type { PolicyName, RateLimitPolicy } from './rate-limit-policies.js';

/** What is left of a quota after a request was counted. */
export interface QuotaState {
  readonly name: PolicyName;
  readonly policy: RateLimitPolicy;
  readonly remaining: number;
  /** Until the quota is whole again. */
  readonly resetSeconds: number;
}

/** `RateLimit` and `RateLimit-Policy` as draft-ietf-httpapi-ratelimit-headers writes them (structured fields, RFC 9651). */
export const rateLimitHeaders = ({ name, policy, remaining, resetSeconds }: QuotaState) => ({
  ratelimit: `"${name}";r=${remaining};t=${resetSeconds}`,
  'ratelimit-policy': `"${name}";q=${policy.quota};w=${policy.windowSeconds}`,
});
