import { CACHE_MANAGER, type Cache } from '@nestjs/cache-manager';
import { Global, Module } from '@nestjs/common';
import { Config } from '../../config.js';
import { Coherence } from '../coherence/coherence.js';
import { FollowerReactions, OutboxFollower } from '../coherence/outbox-follower.js';
import { ConnectionPoolKeeper } from '../database/connection-pool.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { RedisModule } from '../redis/redis.module.js';
import { CacheExplainer } from './cache-explainer.js';
import { CacheInvalidator } from './cache-invalidator.js';
import { CacheLifetime } from './cache-lifetime.js';
import { CachePurger } from './cache-purger.js';
import { CacheTally } from './cache-tally.js';
import { CacheUsage } from './cache-usage.js';
import { CacheController } from './cache.controller.js';
import { CachedRoutes } from './cached-routes.js';
import type { Entry } from './entry.js';
import { EvictAnswersWhenChanged } from './evict-answers-when-changed.listener.js';
import { FillClaims } from './fill-claims.js';
import { FrontDoor } from './front-door.js';
import { MemoryStore } from './memory-store.js';
import { ObjectCache } from './object-cache.js';
import { OutboxChanges } from './outbox-changes.queries.js';
import { RemoteStore } from './remote-store.js';
import { ResponseCache } from './response-cache.js';
import type { Tiers } from './tiered-cache.js';
import { WarmUp } from './warm-up.js';

const TIERS = Symbol('tiers');

/** Two tiers of cache for finished answers and for objects, kept current by the outbox. */
@Global()
@Module({
  imports: [RedisModule],
  controllers: [CacheController],
  providers: [
    CachePurger,
    CacheExplainer,
    OutboxChanges,
    CachedRoutes,
    WarmUp,
    EvictAnswersWhenChanged,
    OutboxFollower,
    CacheLifetime,
    {
      provide: TIERS,
      inject: [Config, Coherence, RemoteStore, CacheTally],
      useFactory: (config: Config, coherence: Coherence, remote: RemoteStore, tally: CacheTally): Tiers => ({
        memory: new MemoryStore<Entry>(config.cacheMaxBytes),
        coherence,
        claims: new FillClaims(remote, coherence),
        tally,
      }),
    },
    { provide: CacheUsage, inject: [TIERS], useFactory: ({ memory }: Tiers) => new CacheUsage(memory) },
    {
      provide: ResponseCache,
      inject: [TIERS, RemoteStore, Config],
      useFactory: (tiers: Tiers, remote: RemoteStore, config: Config) =>
        new ResponseCache(tiers, remote, config.staleIfErrorSeconds * 1000),
    },
    {
      provide: ObjectCache,
      inject: [TIERS, Config, { token: CACHE_MANAGER, optional: true }],
      useFactory: (tiers: Tiers, config: Config, cacheManager: Cache | null) =>
        new ObjectCache(tiers, config, cacheManager),
    },
    {
      provide: CacheInvalidator,
      inject: [TIERS, ResponseCache, ObjectCache],
      useFactory: (tiers: Tiers, answers: ResponseCache, objects: ObjectCache) =>
        new CacheInvalidator(tiers, [answers.tiered, objects.tiered]),
    },
    {
      provide: FollowerReactions,
      inject: [CacheInvalidator, ConnectionPoolKeeper],
      useFactory: (invalidator: CacheInvalidator, pool: ConnectionPoolKeeper): FollowerReactions => ({
        historyBegan: () => void invalidator.clear(),
        databaseIsAway: () => pool.cutWhenSilent(),
      }),
    },
    {
      provide: FrontDoor,
      inject: [ResponseCache, CacheTally, Lifecycle],
      useFactory: (cache: ResponseCache, tally: CacheTally, lifecycle: Lifecycle) =>
        new FrontDoor(cache, tally, lifecycle),
    },
  ],
  exports: [CacheUsage, CachedRoutes, ResponseCache, ObjectCache, CacheInvalidator, FrontDoor, WarmUp],
})
export class CacheModule {}
