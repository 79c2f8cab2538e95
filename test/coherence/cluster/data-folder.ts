import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { giveTo, serverUser } from '../../../src/platform/database/embedded/server-user.js';
import type { Installation } from './installation.js';

const run = promisify(execFile);

/** Not copied from a running server, because they are its own or are streamed. */
const OWN = new Set(['postmaster.pid', 'postmaster.opts']);
const STREAMED = new Set([...OWN, 'pg_wal', 'pg_replslot']);

function makeFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'inkwell-coherence-'));
  // The server runs as another user if this process is root.
  chmodSync(path, 0o755);
  return path;
}

/** A cluster on disk for a server. It can be copied and put back, as an operator would. */
export class DataFolder {
  private constructor(
    readonly path: string,
    readonly installation: Installation,
    readonly password: string,
  ) {}

  static async create(installation: Installation): Promise<DataFolder> {
    const path = makeFolder();
    return new DataFolder(path, installation, await installation.initialise(path)).withArchive();
  }

  /** The server's `-D`. */
  get data(): string {
    return join(this.path, 'postgres');
  }

  /** Where an archiving server puts its log. */
  get archive(): string {
    return join(this.path, 'archive');
  }

  get log(): string {
    return join(this.path, 'postgres.log');
  }

  /** For a stopped server. */
  async coldCopy(): Promise<DataFolder> {
    return this.copyWithout(OWN);
  }

  /** For a running server, between the start and the end of a backup. Does not include the log of that time. */
  async baseCopy(): Promise<DataFolder> {
    const copy = await this.copyWithout(STREAMED);
    for (const name of ['pg_wal', 'pg_wal/archive_status', 'pg_wal/summaries', 'pg_replslot'])
      copy.makeOwn(join(copy.data, name));
    return copy;
  }

  write(name: string, text: string): void {
    const file = join(this.data, name);
    writeFileSync(file, text, { mode: 0o600 });
    giveTo(file, serverUser());
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  private async copyWithout(left: ReadonlySet<string>): Promise<DataFolder> {
    const copy = new DataFolder(makeFolder(), this.installation, this.password).withArchive();
    copy.makeOwn(copy.data);
    const names = readdirSync(this.data).filter((name) => !left.has(name));
    const from = names.map((name) => join(this.data, name));
    // A file that a running server deletes meanwhile is not part of the backup.
    await run('cp', ['-a', ...from, copy.data]).catch((error: unknown) => {
      if (!String(error).includes('No such file')) throw error;
    });
    return copy;
  }

  private withArchive(): this {
    this.makeOwn(this.archive);
    return this;
  }

  private makeOwn(folder: string): void {
    mkdirSync(folder, { mode: 0o700, recursive: true });
    giveTo(folder, serverUser());
  }
}
