import { Global, Module } from '@nestjs/common';
import { HttpService } from '@nestjs/axios';
import { Config } from '../../config.js';
import './call-options.js';
import { HttpPool } from './http-pool.js';
import { PooledHttpService } from './pooled-http.service.js';

/**
 * The only way to call other servers: `HttpService` on the process's pool. Every failure is an `HttpCallFailed`. Calls
 * to URLs given by users set `publicOnly: true`.
 */
@Global()
@Module({
  providers: [
    { provide: HttpPool, useFactory: (config: Config) => new HttpPool(config), inject: [Config] },
    {
      provide: HttpService,
      useFactory: (pool: HttpPool) => new PooledHttpService(pool.axios),
      inject: [HttpPool],
    },
  ],
  exports: [HttpService, HttpPool],
})
export class HttpModule {}

export { HttpService } from '@nestjs/axios';
export { HttpCallFailed } from './call-failed.js';
export { retryAfterSeconds } from './retry-after.js';
