import { type Dirent, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';

/** Folders that are never searched, because tools made them or they contain no posts in any generator. */
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
/** Files that mark the root of a blog. The most common names come first. */
const ROOT_MARKS =
  /^(?:_config\.(?:ya?ml|toml)|(?:hugo|config)\.(?:toml|ya?ml|json)|\.?eleventy(?:\.config)?\.[cm]?[jt]s|astro\.config\.[cm]?[jt]s)$/;
/** Folders inside a blog that people may give instead of the blog itself. */
const INNER = /^(?:_posts|_drafts|content|posts?|blog|src|source|docs)$/;

/** A blog on disk. All paths are relative to `root` and use forward slashes. */
export interface Folder {
  readonly root: string;
  /** Sorted, so that every run has the same order. */
  readonly files: readonly string[];
  /** Folders and links that were not followed, or could not be read. */
  readonly unopened: readonly string[];
}

const isDirectory = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/** `import blog/_posts` and `import blog` mean the same blog: the nearest folder with its configuration. */
function rootOf(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (readdirSync(folder).some((name) => ROOT_MARKS.test(name))) return folder;
    if (!INNER.test(basename(folder))) break;
  }
  return /^_(?:posts|drafts)$/.test(basename(start)) ? dirname(start) : start;
}

/** Collects the files of a folder. */
class Walk {
  readonly files: string[] = [];
  readonly unopened: string[] = [];

  constructor(private readonly root: string) {}

  enter(folder: string): void {
    let entries: Dirent[];
    try {
      entries = readdirSync(folder, { withFileTypes: true });
    } catch {
      this.unopened.push(`${this.relative(folder)}/`);
      return;
    }
    for (const entry of entries) this.meet(entry, join(folder, entry.name));
  }

  meetFile(path: string): void {
    this.files.push(this.relative(path));
  }

  private meet(entry: Dirent, path: string): void {
    const isOfTool = NO_POSTS.has(entry.name) || entry.name.startsWith('.');
    if (entry.isDirectory() && !isOfTool) this.enter(path);
    else if (entry.isDirectory()) this.unopened.push(`${this.relative(path)}/`);
    else if (entry.isFile()) this.meetFile(path);
    // A link may lead out of the folder, or form a loop.
    else this.unopened.push(this.relative(path));
  }

  private relative(path: string): string {
    return relative(this.root, path).split(sep).join('/');
  }
}

/** @param path a folder or a single file */
export function openFolder(path: string): Folder {
  const start = resolve(path);
  const root = rootOf(isDirectory(start) ? start : dirname(start));
  const walk = new Walk(root);
  if (isDirectory(start)) walk.enter(start);
  else walk.meetFile(start);
  return { root, files: walk.files.sort(), unopened: walk.unopened.sort() };
}
