import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';

/** Never looked into: what a tool made, or what holds no posts anywhere. */
const NO_POSTS = new Set([
  ...['node_modules', 'vendor', 'themes', 'archetypes', 'layouts', 'assets', 'static', 'public', 'resources'],
  ...[
    '_site',
    '_includes',
    '_layouts',
    '_data',
    '_sass',
    '_plugins',
    '_components',
    'dist',
    'build',
    '__pycache__',
  ],
]);
/** Files that a blog's root is known by; the first names are the commonest. */
const ROOT_MARKS =
  /^(?:_config\.(?:ya?ml|toml)|(?:hugo|config)\.(?:toml|ya?ml|json)|\.?eleventy(?:\.config)?\.[cm]?[jt]s|astro\.config\.[cm]?[jt]s)$/;
/** Folders of a blog that people point at instead of the blog itself. */
const INNER = /^(?:_posts|_drafts|content|posts?|blog|src|source|docs)$/;

/** A blog on disk. All paths are relative to `root` and have forward slashes. */
export interface Folder {
  readonly root: string;
  /** Sorted, so that every run meets them in the same order. */
  readonly files: readonly string[];
  /** Folders and links that were not followed. */
  readonly unopened: readonly string[];
}

const isDirectory = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/** `import blog/_posts` and `import blog` speak of the same blog: the nearest folder that holds its configuration. */
function rootOf(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (readdirSync(folder).some((name) => ROOT_MARKS.test(name))) return folder;
    if (!INNER.test(basename(folder))) break;
  }
  return /^_(?:posts|drafts)$/.test(basename(start)) ? dirname(start) : start;
}

/** @param path a folder, or one file */
export function openFolder(path: string): Folder {
  const start = resolve(path);
  const root = rootOf(isDirectory(start) ? start : dirname(start));
  const files: string[] = [];
  const unopened: string[] = [];
  const toRelative = (absolute: string): string => relative(root, absolute).split(sep).join('/');
  const walk = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const absolute = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (NO_POSTS.has(entry.name) || entry.name.startsWith('.')) unopened.push(toRelative(absolute) + '/');
        else walk(absolute);
      } else if (entry.isFile()) files.push(toRelative(absolute));
      // A link may lead out of the folder, or round in a circle.
      else unopened.push(toRelative(absolute));
    }
  };
  if (isDirectory(start)) walk(start);
  else files.push(toRelative(start));
  return { root, files: files.sort(), unopened: unopened.sort() };
}
