import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openCluster } from '../../../src/platform/database/embedded/cluster.js';
import { postgresBinaries } from '../../../src/platform/database/embedded/postgres-binaries.js';
import { giveTo, serverUser } from '../../../src/platform/database/embedded/server-user.js';

const run = promisify(execFile);
const DEBIAN = '/usr/lib/postgresql';

/** The programs of one version of PostgreSQL. */
export interface Installation {
  readonly binaries: string;
  /** Creates the cluster `postgres` in a folder. @returns the password of its role, `inkwell` */
  readonly initialise: (folder: string) => Promise<string>;
}

/** From the npm package, which has initdb, pg_ctl and postgres only. */
export const BUNDLED: Installation = {
  binaries: postgresBinaries(serverUser()),
  initialise: async (folder) => (await openCluster(folder, BUNDLED.binaries, serverUser())).password,
};

/**
 * With pg_dump and psql.
 * @param password of the role; a new one by default
 * @throws if it is not installed
 */
export function debianInstallation(password = randomBytes(24).toString('base64url')): Installation {
  const [version] = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort().reverse() : [];
  if (version === undefined)
    throw new Error(`pg_dump is needed: install the package "postgresql" (${DEBIAN})`);
  const binaries = join(DEBIAN, version, 'bin');
  return { binaries, initialise: (folder) => initialise(folder, binaries, password) };
}

async function initialise(folder: string, binaries: string, password: string): Promise<string> {
  const passwordFile = join(folder, 'initdb.password');
  const user = serverUser();
  writeFileSync(passwordFile, password, { mode: 0o600 });
  giveTo(passwordFile, user);
  giveTo(folder, user);
  const options = ['-U', 'inkwell', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  await run(
    join(binaries, 'initdb'),
    ['-D', join(folder, 'postgres'), ...options, '--encoding=UTF8', '--locale=C.UTF-8', '--no-instructions'],
    {
      ...(user === undefined ? {} : { uid: user.uid, gid: user.gid }),
      cwd: '/',
      env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' },
    },
  );
  rmSync(passwordFile);
  return password;
}
