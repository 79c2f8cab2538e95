import { Module } from '@nestjs/common';
import { Housekeeping } from '../database/housekeeping.js';
import { RateLimitGuard } from './rate-limit.guard.js';
import { refusalCounter, RateLimits } from './rate-limits.js';

/** Limits by client address (`@RateLimit('login')`) and by any other key (`RateLimits`). */
@Module({ providers: [refusalCounter, RateLimits, RateLimitGuard], exports: [RateLimits, RateLimitGuard] })
export class RateLimitsModule {
  constructor(housekeeping: Housekeeping) {
    housekeeping.register(
      'rate limits',
      `DELETE FROM rate_limits WHERE expire < extract(epoch FROM now()) * 1000`,
    );
  }
}
