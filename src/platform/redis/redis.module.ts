import { Global, Inject, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '../../config.js';
import { connectRedis, disconnectRedis, Redis } from './redis.js';

@Injectable()
class RedisLifetime implements OnApplicationShutdown {
  constructor(@Inject(Redis) private readonly redis: Redis | null) {}

  async onApplicationShutdown(): Promise<void> {
    if (this.redis !== null) await disconnectRedis(this.redis);
  }
}

/** The only Redis client, or null without REDIS_URL. Inject it as `@Inject(Redis) redis: Redis | null`. */
@Global()
@Module({
  providers: [
    {
      provide: Redis,
      inject: [Config],
      useFactory: (config: Config) => (config.redisUrl === undefined ? null : connectRedis(config.redisUrl)),
    },
    RedisLifetime,
  ],
  exports: [Redis],
})
export class RedisModule {}
