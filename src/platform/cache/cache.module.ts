import { type Cache, CACHE_MANAGER } from '@nestjs/cache-manager';
import { Global, Module } from '@nestjs/common';
import { Config } from '../../config.js';
import { Coherence } from '../coherence/coherence.js';
import { Redis } from '../redis/redis.js';
import { CacheInvalidator } from './cache-invalidator.js';
import { CacheTally } from './cache-tally.js';
import { EntrySeal } from './entry-seal.js';
import { EvictEntriesWhenChanged } from './evict-entries-when-changed.listener.js';
import { FillClaims } from './fill-claims.js';
import { type Entry, MemoryStore } from './memory-store.js';
import { ObjectCache } from './object-cache.js';
import { objectStore, RedisObjects } from './redis-objects.js';
import { NoRemoteStore, RedisStore, RemoteStore } from './redis-store.js';
import { SingleFlight } from './single-flight.js';
import { TIERS, type Tiers } from './tiers.js';

/** The two cache tiers, memory and Redis, for anything read from the database. The outbox keeps them current. */
@Global()
@Module({
  providers: [
    CacheTally,
    EvictEntriesWhenChanged,
    {
      provide: RemoteStore,
      inject: [Redis, CacheTally],
      useFactory: (redis: Redis | null, tally: CacheTally) =>
        redis === null ? new NoRemoteStore() : new RedisStore(redis, tally),
    },
    {
      provide: CACHE_MANAGER,
      inject: [Redis, RemoteStore],
      useFactory: (redis: Redis | null, remote: RemoteStore) =>
        redis === null ? null : objectStore(redis, remote),
    },
    {
      provide: MemoryStore,
      inject: [Config],
      useFactory: ({ cacheMaxBytes }: Config) => new MemoryStore<Entry>(cacheMaxBytes),
    },
    {
      provide: TIERS,
      inject: [MemoryStore, Coherence, RemoteStore, CacheTally],
      useFactory: (
        memory: MemoryStore<Entry>,
        coherence: Coherence,
        remote: RemoteStore,
        tally: CacheTally,
      ): Tiers => ({
        memory,
        remote,
        coherence,
        claims: new FillClaims(remote, coherence),
        flights: new SingleFlight(),
        tally,
      }),
    },
    {
      provide: ObjectCache,
      inject: [TIERS, Config, { token: CACHE_MANAGER, optional: true }],
      useFactory: (tiers: Tiers, config: Config, cacheManager: Cache | null) => {
        if (cacheManager === null) return new ObjectCache(tiers, config);
        const seal = new EntrySeal(config.authSecret ?? [], 'objects');
        return new ObjectCache(tiers, config, new RedisObjects(cacheManager, seal, tiers));
      },
    },
    { provide: CacheInvalidator, inject: [TIERS], useFactory: (tiers: Tiers) => new CacheInvalidator(tiers) },
  ],
  exports: [CACHE_MANAGER, CacheInvalidator, CacheTally, MemoryStore, ObjectCache, RemoteStore, TIERS],
})
export class CacheModule {}
