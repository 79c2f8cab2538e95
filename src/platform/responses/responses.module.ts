import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Config } from '../../config.js';
import { TIERS, type Tiers } from '../cache/tiers.js';
import { RateLimitsModule } from '../rate-limits/rate-limits.module.js';
import { CachedRoutes } from './cached-routes.js';
import { CachedHandlersCheck } from './handler-call.js';
import { ResponseCache } from './response-cache.js';
import { ResponsesInterceptor } from './responses.interceptor.js';
import { WarmUp } from './warm-up.js';

/** Finished answers: how handlers return them, how they are cached, and how they are written. */
@Global()
@Module({
  imports: [RateLimitsModule, DiscoveryModule],
  providers: [
    CachedRoutes,
    CachedHandlersCheck,
    ResponsesInterceptor,
    WarmUp,
    {
      provide: ResponseCache,
      inject: [TIERS, Config],
      useFactory: (tiers: Tiers, config: Config) => new ResponseCache(tiers, config),
    },
  ],
  exports: [CachedRoutes, ResponseCache, ResponsesInterceptor, WarmUp],
})
export class ResponsesModule {}
