import { Logger } from '@nestjs/common';
import type { Config } from '../../config.js';
import { EmbeddedPostgres } from './embedded/embedded-postgres.js';
import { findInstance } from './embedded/instance-lock.js';
import { untilReachable } from './until-reachable.js';

/** A larger pool would only cost memory on a developer's machine. */
const EMBEDDED_POOL_MAX = 20;

export interface ProvidedDatabase {
  /** The configuration with `databaseUrl` set. */
  readonly config: Config;
  /** Stops the server if it was started here. */
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

const deadlineMsOf = ({ startupDeadlineSeconds }: Config): number => startupDeadlineSeconds * 1000;

/**
 * Provides the configured database, or else an embedded one that is started for this process. Logs which.
 * @param onWait called if the configured database cannot be reached yet
 */
export async function provideDatabase(
  config: Config,
  onWait: () => Promise<void>,
): Promise<ProvidedDatabase> {
  const logger = new Logger('Database');
  if (config.databaseUrl === undefined) return startEmbedded(config, (line) => logger.log(line));
  let waiting: Promise<void> | undefined;
  const say = (line: string): void => {
    logger.warn(line);
    waiting ??= onWait();
  };
  await untilReachable(config.databaseUrl, { deadlineMs: deadlineMsOf(config), say });
  await waiting;
  const { host, pathname } = new URL(config.databaseUrl);
  logger.log(`Using PostgreSQL at ${host}${pathname}`);
  return { config, stop: leaveRunning };
}

/**
 * For commands: the configured database, or that of the instance running on the data folder, or an embedded one.
 * @param say for a command that may start before its database: reports what it waits for. Without it, there is no wait.
 */
export async function joinDatabase(config: Config, say?: (line: string) => void): Promise<ProvidedDatabase> {
  if (config.databaseUrl !== undefined && say !== undefined)
    await untilReachable(config.databaseUrl, { deadlineMs: deadlineMsOf(config), say });
  const databaseUrl = config.databaseUrl ?? findInstance(config.dataDir)?.databaseUrl;
  return databaseUrl === undefined
    ? startEmbedded(config)
    : { config: config.with({ databaseUrl }), stop: leaveRunning };
}
