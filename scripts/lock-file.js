import { readFileSync } from 'node:fs';
import semver from 'semver';

/** The oldest Node whose npm may install the project. */
const { engines } = JSON.parse(readFileSync('package.json', 'utf8'));
const oldest = semver.minVersion(engines.node);

/**
 * The lock file without requirements for a newer Node than npm may run on. The packages run on the Node of runtime/,
 * which the same file installs, and npm would print a page of warnings.
 */
export function lockFile() {
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  for (const [path, entry] of Object.entries(lock.packages)) {
    if (path === '' || entry.engines?.node === undefined) continue;
    if (!semver.satisfies(oldest, entry.engines.node)) delete entry.engines;
  }
  return `${JSON.stringify(lock, null, 2)}\n`;
}
