import { isReachable } from '../../src/platform/database/embedded/server-user.js';
import { sayNotRun } from './not-run.js';

export const isRoot = process.getuid?.() === 0;

/** Every Unix has this account. */
const NOBODY = { uid: 65_534, gid: 65_534, name: 'nobody' };

/** How a test starts an unprivileged process: as this user, or as nobody if this user is root. */
export const unprivileged: { readonly uid?: number; readonly gid?: number } = isRoot
  ? { uid: NOBODY.uid, gid: NOBODY.gid }
  : {};

/** Reports at the end of the run if this is not possible. @param what would be tested */
export function canRunUnprivileged(what: string): boolean {
  if (!isRoot || isReachable('node_modules', NOBODY)) return true;
  sayNotRun(`${what}: "nobody" may not enter ${process.cwd()}`);
  return false;
}
