import { readFileSync } from 'node:fs';
import { compiledFile } from '../../platform/threads/compiled-file.js';

/** The folder that `scripts/build-studio.js` writes. */
export const ASSETS = compiledFile('./files/', import.meta.url);

type Manifest = Readonly<Record<string, { readonly scripts: readonly string[] } | undefined>>;

let manifest: Manifest | undefined;

/** The URL of a script for a page. Its name changes with its content, so it can be cached for ever. */
export function scriptOf(name: 'editor' | 'sign-out'): string {
  manifest ??= JSON.parse(readFileSync(new URL('manifest.json', ASSETS), 'utf8')) as Manifest;
  const file = manifest[name]?.scripts[0];
  if (file === undefined) throw new Error(`The build has no script ${name}: run npm run build`);
  return `/studio/assets/${file}`;
}
