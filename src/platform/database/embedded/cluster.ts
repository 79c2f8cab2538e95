import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { giveTo, type ServerUser } from './server-user.js';

const run = promisify(execFile);

/** A cluster's folder and the password of its only role, `inkwell`. */
export interface Cluster {
  readonly folder: string;
  readonly password: string;
}

/** Makes the cluster in a folder of its own and moves it into place, so that a killed `initdb` leaves no half cluster. */
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
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Was a cluster made in this data folder, to its end? */
export const hasCluster = (dataDir: string): boolean => existsSync(join(dataDir, 'postgres', 'PG_VERSION'));

/** The cluster of a data folder; made when there is none. */
export async function openCluster(
  dataDir: string,
  binaries: string,
  user: ServerUser | undefined,
): Promise<Cluster> {
  const folder = join(dataDir, 'postgres');
  if (!hasCluster(dataDir)) {
    // What a start that was killed in the middle has left.
    for (const name of readdirSync(dataDir)) {
      if (name.startsWith('initdb-')) rmSync(join(dataDir, name), { recursive: true, force: true });
    }
    await initialise(dataDir, binaries, user);
  }
  return { folder, password: readFileSync(join(dataDir, 'postgres.password'), 'utf8') };
}
