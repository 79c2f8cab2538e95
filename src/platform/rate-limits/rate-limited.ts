import { Problem } from '../errors/problem.js';
import { type QuotaState, rateLimitHeaders } from './rate-limit-headers.js';

/** 429: a quota is used up; nothing was done. */
export class RateLimited extends Problem {
  constructor(quota: QuotaState) {
    const { policy, resetSeconds } = quota;
    super({
      status: 429,
      code: 'request.rate_limited',
      title: 'Too many requests',
      detail: `${policy.quota} in ${policy.windowSeconds} seconds are allowed. Try again in ${resetSeconds} seconds.`,
      headers: { ...rateLimitHeaders(quota), 'retry-after': String(resetSeconds) },
    });
  }
}
