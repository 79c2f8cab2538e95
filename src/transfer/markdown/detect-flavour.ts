import { astro } from './astro.js';
import { eleventy, ELEVENTY_CONFIGURATION } from './eleventy.js';
import type { Flavour } from './flavour.js';
import type { Folder } from './folder.js';
import { hugo, HUGO_CONFIGURATIONS } from './hugo.js';
import { jekyll } from './jekyll.js';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { plainFolder } from './plain-folder.js';

/** First by the generators' own files, then by folders that only one of them has. */
const MARKS: readonly (readonly [(folder: Folder) => boolean, (folder: Folder) => Flavour])[] = [
  [(folder) => has(folder, /^astro\.config\.[cm]?[jt]s$/) || has(folder, /^src\/content\//), astro],
  [(folder) => has(folder, ELEVENTY_CONFIGURATION), eleventy],
  [(folder) => has(folder, /(?:^|\/)_(?:posts|drafts)\//), jekyll],
  [isHugo, hugo],
];

/** These files of the root count even if the import names a folder inside it. */
const ROOT_FILES = ['astro.config.mjs', 'astro.config.ts', 'eleventy.config.js', '.eleventy.js'];

const has = (folder: Folder, mark: RegExp): boolean =>
  folder.files.some((file) => mark.test(file)) ||
  ROOT_FILES.some((file) => mark.test(file) && existsSync(join(folder.root, file)));

function isHugo(folder: Folder): boolean {
  const inContent = folder.files.filter((file) => /^(?:.*\/)?content\/.+\.(?:md|html)$/.test(file));
  if (inContent.length === 0) return false;
  return (
    HUGO_CONFIGURATIONS.some((name) => existsSync(join(folder.root, name))) ||
    inContent.some((file) => /(?:^|\/)_index\./.test(file))
  );
}

export function detectFlavour(folder: Folder): Flavour {
  const known = MARKS.find(([isMarked]) => isMarked(folder));
  return known === undefined ? plainFolder() : known[1](folder);
}
