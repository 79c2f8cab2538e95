import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { makeDataFolder } from '../../data-folder/make-data-folder.js';
import { type Cluster, hasCluster, openCluster } from './cluster.js';
import { lockDataFolder } from './instance-lock.js';
import { RestartingServer } from './restarting-server.js';
import { postgresBinaries } from './postgres-binaries.js';
import { placeOf } from './server-place.js';
import { serverUser } from './server-user.js';
import { launchServer } from './supervised-server.js';

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 15_000;

export interface EmbeddedOptions {
  /** Server settings by name, such as `fsync: 'off'` in tests. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Default: a free port. */
  readonly port?: number;
  /** Reports steps that take a while. */
  readonly say?: (line: string) => void;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

const urlOf = (cluster: Cluster, port: number, database: string): string =>
  `postgres://inkwell:${cluster.password}@127.0.0.1:${port}/${database}`;

/** Waits while a server of a killed instance still uses the folder. Its supervisor is stopping it. */
async function waitForOrphan(folder: string): Promise<void> {
  const pidFile = join(folder, 'postmaster.pid');
  const deadline = Date.now() + STOP_TIMEOUT_MS;
  while (existsSync(pidFile) && Date.now() < deadline) {
    const pid = Number(readFileSync(pidFile, 'utf8').split('\n', 1)[0]);
    // A leftover file names a process that is gone or is not PostgreSQL. The server clears such a file itself.
    if (!existsSync(`/proc/${pid}/stat`) || !readFileSync(`/proc/${pid}/stat`, 'utf8').includes('(postgres)'))
      return;
    await sleep(50);
  }
}

/** PostgreSQL from its npm package, on a private port of 127.0.0.1. For development and tests. */
export class EmbeddedPostgres {
  private constructor(
    readonly url: string,
    private readonly server: RestartingServer,
    private readonly release: () => void,
  ) {}

  /**
   * @param dataDir kept between starts, created if missing
   * @throws if another process uses the folder, or if the server does not start; the message is one line with the
   * reason
   */
  static async start(dataDir: string, options: EmbeddedOptions = {}): Promise<EmbeddedPostgres> {
    const folder = resolve(dataDir);
    makeDataFolder(folder);
    const user = serverUser();
    const binaries = postgresBinaries(user);
    const lock = lockDataFolder(folder);
    try {
      const place = placeOf(folder, user);
      const why = place === folder ? '' : ` ("${user!.name}", who runs it, may not enter ${folder})`;
      options.say?.(
        hasCluster(place)
          ? `Starting PostgreSQL on ${place}${why}`
          : `Creating a PostgreSQL database in ${place}${why}`,
      );
      const cluster = await openCluster(place, binaries, user);
      await waitForOrphan(cluster.folder);
      const port = options.port ?? (await freePort());
      const log = join(folder, 'postgres.log');
      const postgres = join(binaries, 'postgres');
      const { settings = {} } = options;
      const launch = { postgres, folder: cluster.folder, port, settings, log, user };
      const supervisor = launchServer(launch);
      await untilReady(supervisor, urlOf(cluster, port, 'postgres'), log);
      const url = urlOf(cluster, port, 'inkwell');
      lock.publish(url);
      const server = new RestartingServer(supervisor, {
        launch: async () => {
          await waitForOrphan(cluster.folder);
          return launchServer({ ...launch, isLogKept: true });
        },
        lastWords: () => lastWordsIn(log),
        say: (line) => options.say?.(line),
      });
      return new EmbeddedPostgres(url, server, lock.release);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /** Stops the server by a fast shutdown. The data stays. */
  async stop(): Promise<void> {
    await this.server.stop();
    this.release();
  }
}

/** The last line of the log that names a reason, or else its last line. */
function lastWordsIn(logFile: string): string {
  const lines = readFileSync(logFile, 'utf8').trim().split('\n');
  return lines.findLast((line) => /PANIC|FATAL/.test(line)) ?? lines.at(-1) ?? '';
}

const isMissingDatabase = async (client: Client): Promise<boolean> =>
  (await client.query("SELECT 1 FROM pg_database WHERE datname = 'inkwell'")).rowCount === 0;

async function untilReady(server: ChildProcess, url: string, logFile: string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const client = new Client({ connectionString: url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      if (await isMissingDatabase(client)) await client.query('CREATE DATABASE inkwell');
      return;
    } catch (cause) {
      if (server.exitCode !== null || server.signalCode !== null || Date.now() > deadline) {
        const lines = readFileSync(logFile, 'utf8').trim().split('\n');
        throw new Error(
          `The embedded PostgreSQL did not start: ${lines.find((l) => l.includes('FATAL')) ?? lines.at(-1)}`,
          { cause },
        );
      }
      await sleep(25);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
