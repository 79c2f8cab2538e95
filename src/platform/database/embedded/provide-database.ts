import { Logger } from '@nestjs/common';
import { Client } from 'pg';
import type { Config } from '../../../config.js';
import { oneLine } from '../../errors/one-line.js';
import { EmbeddedPostgres } from './embedded-postgres.js';
import { findInstance } from './instance-lock.js';

/** More would only cost memory on a developer's machine. */
const EMBEDDED_POOL_MAX = 20;
const CONNECT_TIMEOUT_MS = 5_000;

export interface ProvidedDatabase {
  /** With `databaseUrl` set. */
  readonly config: Config;
  /** Ends the server if it was started here. */
  readonly stop: () => Promise<void>;
}

const leaveRunning = (): Promise<void> => Promise.resolve();

async function startEmbedded(config: Config, say?: (line: string) => void): Promise<ProvidedDatabase> {
  const server = await EmbeddedPostgres.start(config.dataDir, say === undefined ? {} : { say });
  const databasePoolMax = Math.min(config.databasePoolMax, EMBEDDED_POOL_MAX);
  const databasePoolMin = Math.min(config.databasePoolMin, databasePoolMax);
  return {
    config: config.with({ databaseUrl: server.url, databasePoolMax, databasePoolMin }),
    stop: () => server.stop(),
  };
}

/** @throws in one line when the configured database cannot be reached */
async function assertReachable(databaseUrl: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (cause) {
    const { host } = new URL(databaseUrl);
    throw new Error(`Inkwell cannot start: PostgreSQL at ${host} (DATABASE_URL): ${oneLine(cause)}`, {
      cause,
    });
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The configured database, else the embedded one, started for this process. Logs which. */
export async function provideDatabase(config: Config): Promise<ProvidedDatabase> {
  const logger = new Logger('Database');
  if (config.databaseUrl === undefined) return startEmbedded(config, (line) => logger.log(line));
  await assertReachable(config.databaseUrl);
  const { host, pathname } = new URL(config.databaseUrl);
  logger.log(`Using PostgreSQL at ${host}${pathname}`);
  return { config, stop: leaveRunning };
}

/** For commands: the configured database, else that of the instance running on the data folder, else the embedded one. */
export async function joinDatabase(config: Config): Promise<ProvidedDatabase> {
  const databaseUrl = config.databaseUrl ?? findInstance(config.dataDir)?.databaseUrl;
  return databaseUrl === undefined
    ? startEmbedded(config)
    : { config: config.with({ databaseUrl }), stop: leaveRunning };
}
