import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { PostgresProcess } from './postgres-process.js';

/** A database as pg_dump writes it. Restoring it in place drops the existing objects and creates them anew. */
export class Dump {
  private constructor(
    private readonly server: PostgresProcess,
    private readonly file: string,
  ) {}

  /** @param snapshot exported by a session: the dump contains what it sees */
  static async of(server: PostgresProcess, snapshot?: string): Promise<Dump> {
    const file = join(server.folder.path, `dump-${performance.now()}.sql`);
    const options = snapshot === undefined ? [] : [`--snapshot=${snapshot}`];
    const words = ['--clean', '--if-exists', ...options, '-f', file, server.url];
    await promisify(execFile)(programOf(server, 'pg_dump'), words, PLAIN);
    return new Dump(server, file);
  }

  /**
   * Restores in a single transaction, while sessions of others stay and use the database. If a deadlock ends it before
   * it has its locks, it starts again, as an operator would.
   * @param whenLocked called when nobody else can read or write any more
   * @returns SQL to run at the end
   */
  async restore(whenLocked: () => string = () => ''): Promise<void> {
    const tables = await this.server.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`,
    );
    const lock = `LOCK TABLE ${tables.map(({ name }) => name).join(', ')} IN ACCESS EXCLUSIVE MODE`;
    while (!(await this.tryToRestore(lock, whenLocked)));
  }

  /**
   * @returns false if a deadlock prevented the locks
   * @throws psql's error
   */
  private async tryToRestore(lock: string, whenLocked: () => string): Promise<boolean> {
    const psql = spawn(
      programOf(this.server, 'psql'),
      ['-X', '-q', '-v', 'ON_ERROR_STOP=1', this.server.url],
      PLAIN,
    );
    let [errors, isLocked] = ['', false];
    psql.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    psql.stdin.on('error', () => undefined);
    psql.stdout.once('data', () => {
      isLocked = true;
      // pg_dump names every schema, and empties the search path.
      psql.stdin.end(`\\i '${this.file}'\nSET search_path TO public;\n${whenLocked()};\nCOMMIT;\n`);
    });
    psql.stdin.write(`BEGIN;\n${lock};\n\\echo locked\n`);
    const [code] = (await once(psql, 'close')) as [number];
    if (code === 0) return true;
    if (!isLocked && errors.includes('deadlock detected')) return false;
    throw new Error(`psql: ${errors}`);
  }
}

const PLAIN = { env: { PATH: process.env['PATH'], LC_ALL: 'C' } };

const programOf = ({ folder }: PostgresProcess, name: string): string =>
  join(folder.installation.binaries, name);
