import { type DynamicModule, Module } from '@nestjs/common';
import { Config } from './config.js';
import { DatabaseModule } from './platform/database/database.module.js';
import { LifecycleModule } from './platform/lifecycle/lifecycle.module.js';
import { RedisModule } from './platform/redis/redis.module.js';

/** The composition root: the only file that knows every module. */
@Module({})
export class AppModule {
  static forRoot(config: Config): DynamicModule {
    return {
      module: AppModule,
      global: true,
      imports: [LifecycleModule, DatabaseModule, RedisModule],
      providers: [{ provide: Config, useValue: config }],
      exports: [Config],
    };
  }
}
