import { setTimeout as sleep } from 'node:timers/promises';
import { migrate } from '../../../src/platform/database/migrate.js';
import { DataFolder } from './data-folder.js';
import { BUNDLED, type Installation } from './installation.js';
import { PostgresProcess, type Settings } from './postgres-process.js';

export type { Settings } from './postgres-process.js';

/** The sessions of replicas. */
const OURS = `datname = 'inkwell' AND application_name LIKE 'inkwell%'`;

/** Keeps enough log for standbys and restores to catch up. */
const DEFAULTS = { max_connections: '200', wal_keep_size: '256MB', archive_mode: 'on' };

const settingsOn = (folder: DataFolder, settings: Settings): Settings => ({
  ...DEFAULTS,
  archive_command: `cp "%p" "${folder.archive}/%f"`,
  ...settings,
});

/** The PostgreSQL that the replicas use: one process after another, each at a port of its own. */
export class PostgresServer {
  private constructor(
    private running: PostgresProcess,
    private readonly settings: Settings,
    private readonly environment: Readonly<Record<string, string>>,
  ) {}

  /** Migrated, and durable as in production, because acknowledged writes must survive. */
  static async start(
    settings: Settings = {},
    installation: Installation = BUNDLED,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<PostgresServer> {
    const folder = await DataFolder.create(installation);
    const options = { settings: settingsOn(folder, settings), environment };
    const running = await PostgresProcess.start(folder, options);
    await running.query('CREATE DATABASE inkwell', [], 'postgres');
    await migrate(running.url);
    return new PostgresServer(running, settings, environment);
  }

  get url(): string {
    return this.running.url;
  }

  get port(): number {
    return this.running.port;
  }

  get process(): PostgresProcess {
    return this.running;
  }

  get log(): string {
    return this.running.log;
  }

  /** Another server like this one. @param settings in addition to those of this one */
  startOn(folder: DataFolder, settings: Settings = {}): Promise<PostgresProcess> {
    const all = { ...settingsOn(folder, this.settings), ...settings };
    return PostgresProcess.start(folder, { settings: all, environment: this.environment });
  }

  /**
   * From now on, the other process is the current one, once the links lead there.
   * @returns the previous one, unchanged
   */
  become(process: PostgresProcess): PostgresProcess {
    const former = this.running;
    this.running = process;
    return former;
  }

  /** Immediate shutdown: sessions are cut, and the next start recovers from the log with empty unlogged tables. */
  async crash(): Promise<void> {
    await this.running.crash();
  }

  async restart(): Promise<void> {
    this.running = await this.startOn(this.running.folder);
  }

  /** Like the kernel's out-of-memory killer: the other processes end too, and the server recovers without ending. */
  async killOneBackend(): Promise<void> {
    const sql = `SELECT pid FROM pg_stat_activity WHERE ${OURS} ORDER BY random() LIMIT 1`;
    const [row] = await this.query<{ pid: number }>(sql);
    if (row !== undefined) process.kill(row.pid, 'SIGKILL');
  }

  /** Resolves when it has recovered. */
  async untilBack(): Promise<void> {
    const isBack = (): Promise<boolean> =>
      this.query('SELECT').then(
        () => true,
        () => false,
      );
    while (!(await isBack())) await sleep(50);
  }

  /** Resolves when every open transaction of a replica has ended. */
  async untilTransactionsEnd(): Promise<void> {
    const [row] = await this.query<{ now: string }>('SELECT clock_timestamp()::text AS now');
    const sql = `SELECT 1 FROM pg_stat_activity WHERE ${OURS} AND xact_start <= $1::timestamptz LIMIT 1`;
    while ((await this.query(sql, [row!.now])).length > 0) await sleep(100);
  }

  /** Names replicas for people. */
  openTransactions(): Promise<object[]> {
    return this
      .query(`SELECT application_name, state, wait_event, now() - xact_start AS age, left(query, 80) AS query
      FROM pg_stat_activity WHERE ${OURS} AND xact_start IS NOT NULL`);
  }

  async terminateOneBackend(): Promise<void> {
    await this.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${OURS} ORDER BY random() LIMIT 1`,
    );
  }

  query<Row extends object>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.running.query<Row>(sql, parameters);
  }

  async stop(): Promise<void> {
    await this.running.stop();
    this.running.folder.remove();
  }
}
