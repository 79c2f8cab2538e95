import { Module } from '@nestjs/common';
import { Housekeeping } from '../database/housekeeping.js';
import { refusalCounter, RateLimits } from './rate-limits.js';

/** Limits by client address (`@RateLimit('login')`) and by any other key (`RateLimits`). */
@Module({ providers: [refusalCounter, RateLimits], exports: [RateLimits] })
export class RateLimitsModule {
  constructor(housekeeping: Housekeeping) {
    housekeeping.register(
      'rate limits',
      `DELETE FROM rate_limits WHERE expire < extract(epoch FROM now()) * 1000`,
    );
  }
}
