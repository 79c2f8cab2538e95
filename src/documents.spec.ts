import { describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const FOLDERS = ['src', 'test', 'bench', 'scripts', 'helm', 'k6', 'docs'];
const PAGES = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'];
const IS_TEXT = /(?<!\.spec)\.(?:ts|js|yaml|md)$/;
const NAMED = /(?<![\w/.])docs\/[\w./-]+?\.md/g;
const LINKED = /\]\((?!\w+:)([^)#\s]+)(?:#[^)]*)?\)/g;

/** A source file, in code or in a box of a diagram: `cache/tiers.ts`, <i>cache/tiers.ts, cache/memory-store.ts</i>. */
const CODE = /`([^`\n]+)`|<i>([^<]+)<\/i>/g;
const SOURCE = /(?<![\w/.*|-])[\w-][\w./-]*\.ts\b/g;
/** The files that the worked example of CONTRIBUTING.md makes. */
const IS_TO_BE_MADE = /pinned-posts/;

const files = [
  ...PAGES,
  ...FOLDERS.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  ).filter((path) => IS_TEXT.test(path)),
];

/** The paths that a file mentions, relative to the root. */
function namedIn(path: string): string[] {
  const text = readFileSync(path, 'utf8');
  const named = [...text.matchAll(NAMED)].map(([page]) => page);
  // Sample posts link to files that they bring along.
  if (!path.endsWith('.md') || !/^docs|^[^/]+$/.test(path)) return named;
  return [...named, ...[...text.matchAll(LINKED)].map(([, link]) => join(dirname(path), link!))];
}

const sourcesNamedIn = (path: string): string[] =>
  [...readFileSync(path, 'utf8').matchAll(CODE)].flatMap(([, code, box]) =>
    [...(code ?? box)!.matchAll(SOURCE)].map(([name]) => name),
  );

describe('the documents', () => {
  it('are there wherever something leads to one of them', () => {
    const missing = files.flatMap((path) =>
      namedIn(path)
        .filter((page) => !existsSync(page))
        .map((page) => `${path} names ${page}`),
    );
    expect(files.length).toBeGreaterThan(500);
    expect(missing).toEqual([]);
  });

  it('name source files that are there', () => {
    const sources = FOLDERS.flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => `/${folder}/${name}`),
    );
    const named = files
      .filter((path) => /^(?:docs\/.+|README|CONTRIBUTING|SECURITY)\.md$/.test(path))
      .flatMap((path) => sourcesNamedIn(path).map((name) => ({ path, name })));
    const missing = named.filter(
      ({ name }) => !IS_TO_BE_MADE.test(name) && !sources.some((source) => source.endsWith(`/${name}`)),
    );
    expect(named.length).toBeGreaterThan(100);
    expect(missing).toEqual([]);
  });
});
