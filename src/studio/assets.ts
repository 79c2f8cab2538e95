import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Manifest {
  /** A page's scripts that load at once, the page's own first. */
  readonly [name: string]: { readonly scripts: readonly string[] };
}

/** Below the nearest package.json, whether this file was compiled into dist/ or into a build for tests. */
function findFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return join(folder, 'dist/studio/assets');
}

/** Where scripts/build-studio.js puts what browsers run. */
export const assetsFolder = findFolder();

let manifest: Manifest | undefined;

/** The address of a page's script. @throws Error if the build has not made it */
export function scriptOf(name: 'editor'): { readonly src: string } {
  manifest ??= JSON.parse(readFileSync(join(assetsFolder, 'manifest.json'), 'utf8')) as Manifest;
  const script = manifest[name]?.scripts[0];
  if (script === undefined)
    throw new Error(`Expected the script ${name} in ${assetsFolder}: run "npm run build"`);
  return { src: `/studio/assets/${script}` };
}
