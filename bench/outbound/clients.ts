import type { HttpService } from '@nestjs/axios';
import { create } from 'axios';
import { Agent } from 'node:http';
import { Agent as TlsAgent } from 'node:https';
import { Config } from '../../src/config.js';
import { HttpPool } from '../../src/platform/http/http-pool.js';
import { PooledHttpService } from '../../src/platform/http/pooled-http.service.js';

export const openPool = (): HttpPool => new HttpPool(Config.from({}));

export const pooledService = (pool: HttpPool): HttpService => new PooledHttpService(pool.axios);

/** The baseline of the comparison: the same service on Axios alone, with a new connection for each call. */
export const unpooledService = (): HttpService =>
  new PooledHttpService(
    create({
      timeout: 30_000,
      maxRedirects: 0,
      proxy: false,
      httpAgent: new Agent({ keepAlive: false }),
      // Sessions are not resumed, because resuming them is an advantage of keeping an agent, too.
      httpsAgent: new TlsAgent({ keepAlive: false, maxCachedSessions: 0 }),
    }),
  );
