import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { freePort } from '../../support/redis-server.js';
import { serverUser } from '../../../src/platform/database/embedded/server-user.js';
import { launchServer } from '../../../src/platform/database/embedded/supervised-server.js';
import type { DataFolder } from './data-folder.js';

export type Settings = Readonly<Record<string, string>>;

const READY_TIMEOUT_MS = 60_000;

export interface ProcessOptions {
  readonly settings: Settings;
  /** The server's environment. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A session may have ended meanwhile. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** A server on a data folder, at a port of its own. */
export class PostgresProcess {
  private constructor(
    readonly folder: DataFolder,
    readonly port: number,
    readonly options: ProcessOptions,
    private readonly supervisor: ChildProcess,
  ) {}

  /** Resolves when it answers; a standby does too. @throws an error with its last log line if it ends instead */
  static async start(folder: DataFolder, options: ProcessOptions): Promise<PostgresProcess> {
    const port = await freePort();
    const supervisor = launchServer({
      postgres: join(folder.installation.binaries, 'postgres'),
      folder: folder.data,
      port,
      settings: options.settings,
      log: folder.log,
      user: serverUser(),
      environment: options.environment ?? {},
    });
    const started = new PostgresProcess(folder, port, options, supervisor);
    await started.untilReady();
    return started;
  }

  get url(): string {
    return this.urlOf('inkwell');
  }

  /** The same database through a link. */
  urlThrough(port: number): string {
    const url = new URL(this.url);
    url.port = String(port);
    return url.href;
  }

  get log(): string {
    return readFileSync(this.folder.log, 'utf8');
  }

  async query<Row extends object>(
    sql: string,
    parameters: unknown[] = [],
    database = 'inkwell',
  ): Promise<Row[]> {
    const client = new Client({ connectionString: this.urlOf(database), application_name: 'checker' });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return (await client.query<Row>(sql, parameters)).rows;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  /** Fast shutdown: sessions are told, and everything is on disk, including unlogged tables. */
  async stop(): Promise<void> {
    this.thaw();
    await this.untilEnded(() => this.supervisor.stdin?.end());
  }

  /** Immediate shutdown: sessions are cut, and the next start recovers from the log with empty unlogged tables. */
  async crash(): Promise<void> {
    this.thaw();
    await this.untilEnded(() => process.kill(this.postmaster, 'SIGQUIT'));
  }

  /** Like a machine that stands still: connections stay, nothing answers. */
  freeze(): void {
    for (const pid of this.pids()) signal(pid, 'SIGSTOP');
  }

  thaw(): void {
    if (this.isEnded) return;
    for (const pid of this.pids()) signal(pid, 'SIGCONT');
  }

  private get isEnded(): boolean {
    return this.supervisor.exitCode !== null || this.supervisor.signalCode !== null;
  }

  private get postmaster(): number {
    return Number(readFileSync(join(this.folder.data, 'postmaster.pid'), 'utf8').split('\n', 1)[0]);
  }

  /** The postmaster is stopped first, so that it forks nothing more. */
  private *pids(): Iterable<number> {
    const { postmaster } = this;
    yield postmaster;
    const children = readFileSync(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8');
    yield* children.split(' ').filter(Boolean).map(Number);
  }

  private async untilEnded(end: () => void): Promise<void> {
    if (this.isEnded) return;
    this.supervisor.ref();
    const ended = once(this.supervisor, 'exit');
    end();
    await ended;
  }

  private urlOf(database: string): string {
    return `postgres://inkwell:${this.folder.password}@127.0.0.1:${this.port}/${database}`;
  }

  private async untilReady(): Promise<void> {
    for (const deadline = Date.now() + READY_TIMEOUT_MS; ; await sleep(15)) {
      try {
        return void (await this.query('SELECT', [], 'postgres'));
      } catch (cause) {
        if (this.isEnded || Date.now() > deadline)
          throw new Error(`PostgreSQL did not start: ${this.log.trim().split('\n').slice(-3).join(' · ')}`, {
            cause,
          });
      }
    }
  }
}
