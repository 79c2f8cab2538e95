import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { hasCluster } from './cluster.js';
import { isReachable, type ServerUser } from './server-user.js';

/** Belongs to root. Holds the server's files when the server's user may not enter the project's folder. */
export const LASTING_FOLDER = '/var/lib/inkwell';

/** A file in a data folder whose cluster is stored elsewhere. It contains that place. */
const pointerIn = (dataDir: string): string => join(dataDir, 'postgres.place');
/** A file in such a place. It contains the path of the data folder. */
const ownerIn = (place: string): string => join(place, 'data-folder');

const textOf = (file: string): string | undefined =>
  existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;

/** A data folder that was moved keeps its place, but a copy of the folder does not. */
function isOwner(dataDir: string, place: string): boolean {
  const owner = textOf(ownerIn(place));
  if (owner === undefined || owner === dataDir) return owner === dataDir;
  return textOf(pointerIn(owner)) !== place;
}

function makePlace(dataDir: string): string {
  mkdirSync(LASTING_FOLDER, { recursive: true });
  const place = mkdtempSync(join(LASTING_FOLDER, `${basename(dirname(dataDir)) || 'inkwell'}-`));
  // The server's user may pass through this folder, but may not list it.
  chmodSync(place, 0o711);
  return place;
}

/**
 * The folder for the cluster: the data folder itself, or a folder under `/var/lib/inkwell` if the server's user may not
 * enter the data folder. The choice is permanent.
 * @throws if the server's user can no longer reach the cluster in the data folder
 */
export function placeOf(folder: string, user: ServerUser | undefined): string {
  const dataDir = realpathSync(folder);
  const known = textOf(pointerIn(dataDir));
  if (user === undefined || (known === undefined && isReachable(dataDir, user))) return folder;
  if (known === undefined && hasCluster(dataDir)) {
    throw new Error(
      `The database in ${folder} runs as "${user.name}", who may no longer enter it: open the folders above to others (chmod o+x)`,
    );
  }
  const place = known !== undefined && isOwner(dataDir, known) ? known : makePlace(dataDir);
  writeFileSync(ownerIn(place), dataDir);
  writeFileSync(pointerIn(dataDir), place);
  return place;
}
