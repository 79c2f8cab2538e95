import { Module } from '@nestjs/common';
import { CacheExplainer } from './cache-explainer.js';
import { CachePurger } from './cache-purger.js';
import { CacheController } from './cache.controller.js';

/** For operators: shows what the caches hold, and purges entries. */
@Module({
  controllers: [CacheController],
  providers: [CacheExplainer, CachePurger],
  exports: [CacheExplainer, CachePurger],
})
export class InspectModule {}
