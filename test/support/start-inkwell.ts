import { type DynamicModule, Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from '../../src/app.module.js';
import { Config } from '../../src/config.js';
import { Lifecycle } from '../../src/platform/lifecycle/lifecycle.js';
import { stop } from '../../src/platform/lifecycle/stop.js';
import { createApp } from '../../src/platform/server/create-app.js';
import type { TcpProxy } from './tcp-proxy.js';
import { createTestDatabase, query } from './test-database.js';

export interface Inkwell {
  readonly url: string;
  readonly databaseUrl: string;
  readonly app: NestFastifyApplication;
  readonly close: () => Promise<void>;
}

/** What a test adds to the application. */
export interface Extras {
  readonly modules?: NonNullable<DynamicModule['imports']>;
  /** Statements that make the tables of those modules. */
  readonly schema?: readonly string[];
  /** The database of another instance, which drops it, instead of a new one. */
  readonly databaseUrl?: string;
  /** A link to PostgreSQL that the test can fail. */
  readonly databaseProxy?: TcpProxy;
}

@Module({})
class Root {}

/** Redis databases are numbered; each Jest worker has its own. */
export const redisUrl = (): string =>
  `${process.env['TEST_REDIS_URL']}/${process.env['JEST_WORKER_ID'] ?? '0'}`;

/**
 * The whole application on a database of its own, listening on a free port.
 * @param environment overrides, as an operator would set them; `REDIS_URL: ''` for none
 */
export async function startInkwell(
  environment: Record<string, string> = {},
  extras: Extras = {},
): Promise<Inkwell> {
  const database =
    extras.databaseUrl === undefined
      ? await createTestDatabase()
      : { url: extras.databaseUrl, drop: () => Promise.resolve() };
  for (const statement of extras.schema ?? []) await query(database.url, statement);
  const config = Config.from({
    NODE_ENV: 'test',
    PORT: '0',
    HOST: '127.0.0.1',
    DATABASE_URL: extras.databaseProxy?.through(database.url) ?? database.url,
    DATABASE_POOL_MIN: '1',
    DATABASE_POOL_MAX: '10',
    REDIS_URL: redisUrl(),
    AUTH_SECRET: 'the-signing-key-of-the-tests-0123456789',
    RATE_LIMIT_LOGIN: '10000',
    RATE_LIMIT_REGISTER: '10000',
    RATE_LIMIT_VERIFY: '10000',
    WELCOME: 'false',
    // So that no test of something else sees a cache that is not used, on a machine that is slow.
    COHERENCE_LEASE_MS: '5000',
    LOG_LEVEL: 'error',
    ...environment,
  });
  const root: DynamicModule = {
    module: Root,
    imports: [AppModule.forRoot(config), ...(extras.modules ?? [])],
  };
  const app = await createApp(root, config);
  await app.listen(config.port, config.host);
  app.get(Lifecycle).markWarm();
  return {
    url: await app.getUrl(),
    databaseUrl: database.url,
    app,
    close: async () => {
      await stop(app, config);
      await database.drop();
    },
  };
}
