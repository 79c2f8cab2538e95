import type { INestApplicationContext } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { Config } from '../config.js';
import { joinDatabase } from '../platform/database/embedded/provide-database.js';

/** A command does one thing after the other. */
const POOL_MAX = 4;

/** Of the running instance's database, else of the embedded one for the time. */
async function withDatabase<T>(work: (config: Config) => Promise<T>): Promise<T> {
  const database = await joinDatabase(Config.from(process.env));
  try {
    return await work(database.config);
  } finally {
    await database.stop();
  }
}

/** Runs a command on the database only, as it is. */
export const withDatabaseUrl = <T>(work: (databaseUrl: string) => Promise<T>): Promise<T> =>
  withDatabase((config) => work(config.databaseUrl!));

/** What a command needs less of than a server. */
const forCommand = (config: Config): Config =>
  config.with({
    databasePoolMin: 0,
    databasePoolMax: POOL_MAX,
    // A command signs no access tokens, so it needs no secret that anybody else knows.
    authSecret: config.authSecret ?? [randomBytes(32).toString('hex')],
    // Who imports a blog does not want sample posts beside it.
    welcome: false,
    // A command works on the database itself, whoever serves it.
    role: 'all',
    // The server that is running has that port.
    metricsPort: undefined,
  });

/** Runs a command inside the application, without its server, on the latest schema. */
export function withApp<T>(work: (app: INestApplicationContext) => Promise<T>): Promise<T> {
  return withDatabase(async (found) => {
    const config = forCommand(found);
    // The rest of the application is loaded here: help and refusals come without it, in a tenth of the time.
    const [{ NestFactory }, { CommandModule }, { createLog }, { NestLog }] = await Promise.all([
      import('@nestjs/core'),
      import('./command.module.js'),
      import('../platform/logs/log.js'),
      import('../platform/logs/nest-log.js'),
    ]);
    const app = await NestFactory.createApplicationContext(CommandModule.forRoot(config), {
      abortOnError: false,
      // What fails is said in one line, by who runs the command.
      logger: config.logLevel === 'debug' ? new NestLog(createLog(config, { isCommand: true })) : false,
    });
    return closing(app, work);
  });
}

/** As withApp, with the routes of the server, which does not listen. */
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
