import { Module } from '@nestjs/common';
import { Housekeeping } from '../database/housekeeping.js';
import { AnswerWhenSamplesAsked } from './answer-when-samples-asked.listener.js';
import { CacheSampler } from './cache-sampler.js';
import { CacheWatch } from './cache-watch.js';

/** Shows administrators the work of all caches in the last hour. */
@Module({ providers: [CacheSampler, AnswerWhenSamplesAsked, CacheWatch], exports: [CacheWatch] })
export class CacheSamplesModule {
  constructor(housekeeping: Housekeeping) {
    housekeeping.register(
      'cache samples',
      `DELETE FROM cache_samples WHERE at < now() - interval '10 minutes'`,
    );
  }
}
