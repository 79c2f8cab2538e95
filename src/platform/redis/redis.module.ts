import { Global, Inject, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import { CACHE_MANAGER } from '@nestjs/cache-manager';
import { Redis } from 'ioredis';
import { Config } from '../../config.js';
import { CacheTally } from '../cache/cache-tally.js';
import { NoRemoteStore, RemoteStore } from '../cache/remote-store.js';
import { objectStore } from './object-store.js';
import { connectRedis, disconnectRedis } from './redis-connection.js';
import { RedisStore } from './redis-store.js';

@Injectable()
class RedisLifetime implements OnApplicationShutdown {
  constructor(@Inject(Redis) private readonly redis: Redis | null) {}

  async onApplicationShutdown(): Promise<void> {
    if (this.redis !== null) await disconnectRedis(this.redis);
  }
}

/** The one Redis client, or null without REDIS_URL: inject it as `@Inject(Redis) redis: Redis | null`. */
@Global()
@Module({
  providers: [
    {
      provide: Redis,
      inject: [Config],
      useFactory: (config: Config) => (config.redisUrl === undefined ? null : connectRedis(config.redisUrl)),
    },
    {
      provide: RemoteStore,
      inject: [Redis, CacheTally],
      useFactory: (redis: Redis | null, tally: CacheTally) =>
        redis === null ? new NoRemoteStore() : new RedisStore(redis, tally),
    },
    {
      provide: CACHE_MANAGER,
      inject: [Redis],
      useFactory: (redis: Redis | null) => (redis === null ? null : objectStore(redis)),
    },
    CacheTally,
    RedisLifetime,
  ],
  exports: [Redis, RemoteStore, CACHE_MANAGER, CacheTally],
})
export class RedisModule {}
