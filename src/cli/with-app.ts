import type { INestApplicationContext } from '@nestjs/common';
import { Console } from 'node:console';
import { randomBytes } from 'node:crypto';
import { Writable } from 'node:stream';
import { Config } from '../config.js';
import type { Log } from '../platform/logs/log.js';
import { joinDatabase } from '../platform/database/provide-database.js';
import { findDevelopmentSecret } from '../platform/secrets/development-secret.js';

/** Commands work sequentially, so few connections suffice. */
const POOL_MAX = 4;

/**
 * Uses the database of the running instance, or else starts the embedded one for as long as the command runs.
 * @param say see joinDatabase
 */
async function withDatabase<T>(
  work: (config: Config) => Promise<T>,
  say?: (line: string) => void,
): Promise<T> {
  const database = await joinDatabase(Config.from(process.env), say);
  try {
    return await work(database.config);
  } finally {
    await database.stop();
  }
}

/** Runs a command on the database only, without migrating it. Waits for a database that is still starting. */
export const withDatabaseUrl = <T>(work: (databaseUrl: string) => Promise<T>): Promise<T> =>
  withDatabase(
    (config) => work(config.databaseUrl!),
    (line) => process.stderr.write(`${line}\n`),
  );

/** A command needs fewer resources than a server. */
const forCommand = (config: Config): Config =>
  config.with({
    databasePoolMin: 0,
    databasePoolMax: POOL_MAX,
    // The key for signed entries in Redis. If there is no secret yet, no other process needs to know it.
    authSecret: config.authSecret ?? [
      findDevelopmentSecret(config.dataDir) ?? randomBytes(32).toString('hex'),
    ],
    // An import should not find sample posts in the blog.
    welcome: false,
    // A command works on the database itself, whichever processes serve it.
    role: 'all',
    // The running server uses that port.
    metricsPort: undefined,
  });

/** Runs a command inside the application on the latest schema, without a server. */
export function withApp<T>(work: (app: INestApplicationContext) => Promise<T>): Promise<T> {
  return withDatabase(async (found) => {
    const config = forCommand(found);
    // The application is loaded here, so that help and usage errors take a tenth of the time.
    const [{ NestFactory }, { CommandModule }, { createLog }, { NestLog }] = await Promise.all([
      import('@nestjs/core'),
      import('./command.module.js'),
      import('../platform/logs/log.js'),
      import('../platform/logs/nest-log.js'),
    ]);
    const log = createLog(config, { isCommand: true });
    keepConsoleOut(log);
    const app = await NestFactory.createApplicationContext(CommandModule.forRoot(config), {
      abortOnError: false,
      // The command itself reports failures in one line.
      logger: config.logLevel === 'debug' ? new NestLog(log) : false,
    });
    return closing(app, work);
  });
}

/** Keeps messages of dependencies out of standard output, which is for the command's result. */
function keepConsoleOut(log: Log): void {
  const records = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      log.debug({ context: 'Output' }, chunk.toString().trimEnd());
      done();
    },
  });
  globalThis.console = new Console(records);
}

/** Like withApp, with the server's routes, but without listening. */
export function withRoutes<T>(work: (app: INestApplicationContext) => Promise<T>): Promise<T> {
  return withDatabase(async (found) => {
    const config = forCommand(found);
    const logLevel = config.logLevel === 'debug' ? 'debug' : 'fatal';
    const [{ AppModule }, { createApp }, { createLog }] = await Promise.all([
      import('../app.module.js'),
      import('../platform/server/create-app.js'),
      import('../platform/logs/log.js'),
    ]);
    const log = createLog(config.with({ logLevel }), { isCommand: true });
    const app = await createApp(AppModule.forRoot(config), config, log);
    return closing(app, async () => work(await app.init()));
  });
}

async function closing<T, App extends INestApplicationContext>(
  app: App,
  work: (app: App) => Promise<T>,
): Promise<T> {
  try {
    return await work(app);
  } finally {
    await app.close();
  }
}
