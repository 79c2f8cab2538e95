import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { giveTo, type ServerUser } from './server-user.js';

const run = promisify(execFile);

/** The folder of a cluster, and the password of `inkwell`, its only role. */
export interface Cluster {
  readonly folder: string;
  readonly password: string;
}

/**
 * Creates the cluster in a temporary folder and moves it into place, so that a killed `initdb` leaves no incomplete
 * cluster.
 */
async function initialise(dataDir: string, binaries: string, user: ServerUser | undefined): Promise<void> {
  const folder = join(dataDir, `initdb-${process.pid}`);
  const passwordFile = join(dataDir, `initdb-${process.pid}.password`);
  const password = randomBytes(24).toString('base64url');
  mkdirSync(folder, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  giveTo(folder, user);
  giveTo(passwordFile, user);
  try {
    await run(
      join(binaries, 'initdb'),
      [
        ...[
          '-D',
          folder,
          '-U',
          'inkwell',
          '--auth=scram-sha-256',
          `--pwfile=${passwordFile}`,
          '--encoding=UTF8',
        ],
        ...['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--no-instructions'],
      ],
      {
        ...(user === undefined ? {} : { uid: user.uid, gid: user.gid }),
        cwd: '/',
        env: { ...process.env, LC_ALL: 'C' },
      },
    );
    writeFileSync(join(dataDir, 'postgres.password'), password, { mode: 0o600 });
    renameSync(folder, join(dataDir, 'postgres'));
  } catch (cause) {
    const words = (cause as { readonly stderr?: string }).stderr?.trim().split('\n').at(-1);
    throw words === undefined
      ? cause
      : new Error(`PostgreSQL cannot be set up in ${dataDir} (${words}): set DATABASE_URL`, { cause });
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Does this data folder contain a complete cluster? */
export const hasCluster = (dataDir: string): boolean => existsSync(join(dataDir, 'postgres', 'PG_VERSION'));

/** Opens the cluster of a data folder, and creates it if there is none. */
export async function openCluster(
  dataDir: string,
  binaries: string,
  user: ServerUser | undefined,
): Promise<Cluster> {
  const folder = join(dataDir, 'postgres');
  if (!hasCluster(dataDir)) {
    // Removes what a killed start has left behind.
    for (const name of readdirSync(dataDir)) {
      if (name.startsWith('initdb-')) rmSync(join(dataDir, name), { recursive: true, force: true });
    }
    await initialise(dataDir, binaries, user);
  }
  return { folder, password: readFileSync(join(dataDir, 'postgres.password'), 'utf8') };
}
