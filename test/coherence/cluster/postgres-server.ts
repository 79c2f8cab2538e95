import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { EmbeddedPostgres } from '../../../src/platform/database/embedded/embedded-postgres.js';
import { migrate } from '../../../src/platform/database/migrate.js';

export type Settings = Readonly<Record<string, string>>;

/** Sessions of replicas. */
const OURS = `datname = 'inkwell' AND application_name LIKE 'inkwell%'`;

/** A PostgreSQL that can be stopped in the middle of things, and comes back at another port. */
export class PostgresServer {
  private constructor(
    private readonly folder: string,
    private readonly settings: Settings,
    private running: EmbeddedPostgres,
  ) {}

  /** Migrated, and durable as in production: what was acknowledged must survive. */
  static async start(settings: Settings = {}): Promise<PostgresServer> {
    const folder = mkdtempSync(join(tmpdir(), 'inkwell-coherence-'));
    // The server runs as another user when this process is root.
    chmodSync(folder, 0o755);
    const all = { max_connections: '200', ...settings };
    const running = await EmbeddedPostgres.start(folder, { settings: all });
    await migrate(running.url);
    return new PostgresServer(folder, all, running);
  }

  get url(): string {
    return this.running.url;
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  /** The same database by way of a link. */
  urlThrough(port: number): string {
    const url = new URL(this.url);
    url.port = String(port);
    return url.href;
  }

  /** Immediate shutdown: sessions are cut, the next start recovers from the log, unlogged tables are empty. */
  async crash(): Promise<void> {
    process.kill(this.postmaster, 'SIGQUIT');
    await this.running.stop();
  }

  async restart(): Promise<void> {
    this.running = await EmbeddedPostgres.start(this.folder, { settings: this.settings });
  }

  /** As the kernel does to one that took too much memory: the others end too, and the server recovers without ending. */
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

  /** Resolves when every transaction of a replica that is open now has ended. */
  async untilTransactionsEnd(): Promise<void> {
    const [row] = await this.query<{ now: string }>('SELECT clock_timestamp()::text AS now');
    const sql = `SELECT 1 FROM pg_stat_activity WHERE ${OURS} AND xact_start <= $1::timestamptz LIMIT 1`;
    while ((await this.query(sql, [row!.now])).length > 0) await sleep(100);
  }

  async terminateOneBackend(): Promise<void> {
    await this.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${OURS} ORDER BY random() LIMIT 1`,
    );
  }

  async query<Row extends object>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    const client = new Client({ connectionString: this.url, application_name: 'checker' });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return (await client.query<Row>(sql, parameters)).rows;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  get log(): string {
    return readFileSync(join(this.folder, 'postgres.log'), 'utf8');
  }

  async stop(): Promise<void> {
    await this.running.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private get postmaster(): number {
    return Number(readFileSync(join(this.folder, 'postgres', 'postmaster.pid'), 'utf8').split('\n', 1)[0]);
  }
}
