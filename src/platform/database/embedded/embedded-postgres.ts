import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { type Cluster, hasCluster, openCluster } from './cluster.js';
import { lockDataFolder } from './instance-lock.js';
import { postgresBinaries } from './postgres-binaries.js';
import { assertReachable, serverUser } from './server-user.js';

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 15_000;

/**
 * Runs the server and ends it (fast shutdown) when our end of the pipe on its standard input closes: on stop(), and also
 * when this process is killed. A server that is only just starting may not hear a signal yet, so it is repeated. If the
 * server ends first, so does the shell.
 */
const SUPERVISE = `
exec 3<&0
"$@" 3<&- </dev/null & server=$!
{ read -r _; while kill -INT "$server"; do sleep 0.2; done; } <&3 2>/dev/null & reader=$!
wait "$server"
status=$?
kill "$reader"
exit "$status"`;

export interface EmbeddedOptions {
  /** Settings of the server by name, e.g. `fsync: 'off'` in tests. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Default: a free one. */
  readonly port?: number;
  /** Told what takes a while. */
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

/** Is a server of an instance that was killed still on the folder? Its supervisor is then stopping it. */
async function waitForOrphan(folder: string): Promise<void> {
  const pidFile = join(folder, 'postmaster.pid');
  const deadline = Date.now() + STOP_TIMEOUT_MS;
  while (existsSync(pidFile) && Date.now() < deadline) {
    const pid = Number(readFileSync(pidFile, 'utf8').split('\n', 1)[0]);
    // A left-over file of a killed server names a process that is gone, or not a PostgreSQL: the server itself clears it.
    if (!existsSync(`/proc/${pid}/stat`) || !readFileSync(`/proc/${pid}/stat`, 'utf8').includes('(postgres)'))
      return;
    await sleep(50);
  }
}

/** PostgreSQL from its npm package, on a private port of 127.0.0.1, for development and tests. */
export class EmbeddedPostgres {
  private constructor(
    readonly url: string,
    private readonly server: ChildProcess,
    private readonly release: () => void,
  ) {}

  /**
   * @param dataDir kept between starts; made when missing
   * @throws when another process has the folder, or the server does not start, with the reason in one line
   */
  static async start(dataDir: string, options: EmbeddedOptions = {}): Promise<EmbeddedPostgres> {
    const folder = resolve(dataDir);
    mkdirSync(folder, { recursive: true });
    const binaries = postgresBinaries();
    const user = serverUser();
    if (user !== undefined) {
      assertReachable(folder, user, 'set DATA_DIR to a folder elsewhere, or DATABASE_URL');
      assertReachable(binaries, user, 'move the project elsewhere, or set DATABASE_URL');
    }
    const lock = lockDataFolder(folder);
    try {
      options.say?.(
        hasCluster(folder)
          ? `Starting PostgreSQL on ${folder}`
          : `Creating a PostgreSQL database in ${folder}`,
      );
      const cluster = await openCluster(folder, binaries, user);
      await waitForOrphan(cluster.folder);
      const port = options.port ?? (await freePort());
      const server = launch(folder, cluster, port, join(binaries, 'postgres'), options.settings ?? {}, user);
      await untilReady(server, urlOf(cluster, port, 'postgres'), join(folder, 'postgres.log'));
      const url = urlOf(cluster, port, 'inkwell');
      lock.publish(url);
      return new EmbeddedPostgres(url, server, lock.release);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /** Ends the server after its open sessions were told; the data stay. */
  async stop(): Promise<void> {
    if (this.server.exitCode === null && this.server.signalCode === null) {
      // The process must live until the server has ended, even when nothing else keeps it.
      this.server.ref();
      const exited = once(this.server, 'exit');
      this.server.stdin?.end();
      await Promise.race([exited, sleep(STOP_TIMEOUT_MS, undefined, { ref: false })]);
    }
    this.release();
  }
}

function launch(
  dataDir: string,
  cluster: Cluster,
  port: number,
  postgres: string,
  settings: Readonly<Record<string, string>>,
  user: { uid: number; gid: number } | undefined,
): ChildProcess {
  const all = { listen_addresses: '127.0.0.1', unix_socket_directories: '', ...settings };
  const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const log = openSync(join(dataDir, 'postgres.log'), 'w', 0o600);
  const server = spawn(
    '/bin/sh',
    ['-c', SUPERVISE, 'sh', postgres, '-D', cluster.folder, '-p', String(port), ...flags],
    {
      // A process group of its own: Ctrl-C in the terminal must reach Inkwell first.
      detached: true,
      cwd: '/',
      stdio: ['pipe', log, log],
      env: { PATH: process.env['PATH'], LC_ALL: 'C' },
      ...(user === undefined ? {} : { uid: user.uid, gid: user.gid }),
    },
  );
  closeSync(log);
  server.stdin?.on('error', () => undefined);
  server.unref();
  return server;
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
