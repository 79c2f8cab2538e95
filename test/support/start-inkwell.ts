import { type DynamicModule, Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppModule } from '../../src/app.module.js';
import { Config } from '../../src/config.js';
import { Coherence } from '../../src/platform/coherence/coherence.js';
import { Acknowledgements } from '../../src/platform/outbox/acknowledgements.js';
import { Lifecycle } from '../../src/platform/lifecycle/lifecycle.js';
import { stop } from '../../src/platform/lifecycle/stop.js';
import { createApp } from '../../src/platform/server/create-app.js';
import { bothSides, isOfUsers, routeBySide, withoutAccounts } from './split-shape.js';
import type { TcpProxy } from './tcp-proxy.js';
import { createTestDatabase, query } from './test-database.js';
import { HIGH_LIMITS } from './wide-open.js';

export interface Inkwell {
  readonly url: string;
  /** The address of the process that serves a path, without the router in between. */
  readonly urlOf: (path: string) => string;
  /** The application in that process. */
  readonly appOf: (path: string) => NestFastifyApplication;
  readonly databaseUrl: string;
  /** In the split shape, the applications of both sides. Providers that both have come from the users side. */
  readonly app: NestFastifyApplication;
  /** The applications of both sides, or the single one. */
  readonly apps: readonly NestFastifyApplication[];
  readonly close: () => Promise<void>;
}

/** Additions to the application by a test. */
export interface Extras {
  readonly modules?: NonNullable<DynamicModule['imports']>;
  /** Statements that create the tables of those modules. */
  readonly schema?: readonly string[];
  /** The database of another instance, which drops it, instead of a new one. */
  readonly databaseUrl?: string;
  /** A link to PostgreSQL that the test can interrupt. */
  readonly databaseProxy?: TcpProxy;
  /** The URL of the users side for the blog side, given its real URL. */
  readonly linkToUsers?: (url: string) => string | Promise<string>;
  /** Another INTERNAL_TOKEN than the users side has. */
  readonly tokenOfBlog?: string;
}

@Module({})
class Root {}

/** Each Jest worker has a numbered Redis database of its own. Empty without Redis, as in the application. */
export const redisUrl = (): string => {
  const server = process.env['TEST_REDIS_URL'];
  return server === undefined ? '' : `${server}/${process.env['JEST_WORKER_ID'] ?? '0'}`;
};

const DEFAULTS = {
  NODE_ENV: 'test',
  PORT: '0',
  HOST: '127.0.0.1',
  DATABASE_POOL_MIN: '1',
  DATABASE_POOL_MAX: '10',
  AUTH_SECRET: 'the-signing-key-of-the-tests-0123456789',
  ...HIGH_LIMITS,
  WELCOME: 'false',
  LOG_LEVEL: 'error',
};

/** For tests of cache contents: a busy machine must not lose the lease. Writers wait this long for a replica that dies. */
export const LONG_LEASE = { COHERENCE_LEASE_MS: '5000' };

interface Running {
  readonly app: NestFastifyApplication;
  readonly url: string;
  readonly stop: () => Promise<void>;
}

async function run(environment: Record<string, string>, modules: Extras['modules'] = []): Promise<Running> {
  const config = Config.from({ ...DEFAULTS, REDIS_URL: redisUrl(), ...environment });
  const app = await createApp({ module: Root, imports: [AppModule.forRoot(config), ...modules] }, config);
  await app.listen(config.port, config.host);
  app.get(Lifecycle).markWarm();
  knowEveryLease(app);
  await untilLeased(app);
  let stopping: Promise<void> | undefined;
  return { app, url: await app.getUrl(), stop: () => (stopping ??= stop(app, config)) };
}

/**
 * A new process waits with its first writes for leases that it may not have heard of. The database of a test is new: there
 * are none but those that PostgreSQL lists, which it still waits for.
 */
const knowEveryLease = (app: NestFastifyApplication): void =>
  app.get(Acknowledgements).leases.observe([], -Infinity);

/** Without a lease, the first answers would not be stored. It comes a moment after the start, or later on a busy machine. */
async function untilLeased(app: NestFastifyApplication): Promise<void> {
  const coherence = app.get(Coherence);
  const deadline = Date.now() + 10_000;
  while (!coherence.isUsable && Date.now() < deadline) await sleep(5);
}

/**
 * The whole application with a database of its own, on a free port. With INKWELL_SHAPE=split in the environment of the
 * tests, it starts both sides behind a router by path.
 * @param environment overrides, as an operator would set them; `REDIS_URL: ''` for no Redis
 */
export async function startInkwell(
  environment: Record<string, string> = {},
  extras: Extras = {},
): Promise<Inkwell> {
  if (process.env['INKWELL_SHAPE'] === 'split') return startSplit(environment, extras);
  const database = await databaseOf(extras);
  const { app, url, stop } = await run(
    { DATABASE_URL: extras.databaseProxy?.through(database.url) ?? database.url, ...environment },
    extras.modules,
  );
  const close = async (): Promise<void> => {
    await stop();
    await database.drop();
  };
  return { url, urlOf: () => url, appOf: () => app, databaseUrl: database.url, app, apps: [app], close };
}

export interface SplitInkwell extends Inkwell {
  readonly users: Running;
  readonly blog: Running;
}

/** Accounts and blog in separate applications. The database does not let the blog side read accounts. */
export async function startSplit(
  environment: Record<string, string> = {},
  extras: Extras = {},
): Promise<SplitInkwell> {
  // Stops everything in reverse order, also if a later step of the start fails.
  const started = new AsyncDisposableStack();
  try {
    return await startSides(environment, extras, started);
  } catch (error) {
    await started.disposeAsync();
    throw error;
  }
}

async function startSides(
  { DATABASE_URL: databaseUrl, ...rest }: Record<string, string>,
  extras: Extras,
  started: AsyncDisposableStack,
): Promise<SplitInkwell> {
  const database = await databaseOf(databaseUrl === undefined ? extras : { ...extras, databaseUrl });
  started.defer(database.drop);
  const restricted = await withoutAccounts(database.url);
  started.defer(restricted.drop);
  const linked = (url: string): string => extras.databaseProxy?.through(url) ?? url;
  const shared = { INTERNAL_TOKEN: 'the-token-between-the-sides-0123456789', ...rest };
  const users = await run({ ...shared, ROLE: 'users', DATABASE_URL: linked(database.url) }, extras.modules);
  started.defer(users.stop);
  const usersUrl = (await extras.linkToUsers?.(users.url)) ?? users.url;
  const blogEnvironment = { ROLE: 'blog', USERS_URL: usersUrl, DATABASE_URL: linked(restricted.url) };
  const token = extras.tokenOfBlog ?? shared.INTERNAL_TOKEN;
  const blog = await run({ ...shared, ...blogEnvironment, INTERNAL_TOKEN: token }, extras.modules);
  started.defer(blog.stop);
  const router = await routeBySide(users.url, blog.url);
  started.defer(router.close);
  const sideOf = (path: string): Running => (isOfUsers(path) ? users : blog);
  return {
    ...{ url: router.url, urlOf: (path) => sideOf(path).url, databaseUrl: database.url, users, blog },
    ...{
      app: bothSides(users.app, blog.app),
      apps: [users.app, blog.app],
      appOf: (path) => sideOf(path).app,
    },
    close: () => started.disposeAsync(),
  };
}

async function databaseOf({
  databaseUrl,
  schema = [],
}: Extras): Promise<{ url: string; drop: () => Promise<void> }> {
  const database =
    databaseUrl === undefined
      ? await createTestDatabase()
      : { url: databaseUrl, drop: () => Promise.resolve() };
  for (const statement of schema) await query(database.url, statement);
  return database;
}
