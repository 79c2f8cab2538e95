import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type AddressFacts,
  type Flavour,
  literalAliases,
  folderOf,
  joinPath,
  splitDate,
  stemOf,
} from './flavour.js';
import type { Fields } from './fields.js';
import type { Folder } from './folder.js';
import { withoutLiquid } from './liquid.js';

export const ELEVENTY_CONFIGURATION = /^(?:\.eleventy\.js|eleventy\.config\.[cm]?[jt]s)$/;

/** Finds `dir: { input: "content" }` in the configuration, which is a program and is not executed. */
function inputOf(folder: Folder): string {
  const file = folder.files.find((name) => ELEVENTY_CONFIGURATION.test(name));
  const source = file === undefined ? '' : readFileSync(join(folder.root, file), 'utf8');
  const input = /\binput\s*:\s*["'`](?:\.\/)?([^"'`]*?)\/?["'`]/.exec(source)?.[1] ?? '';
  return input === '.' ? '' : input;
}

/** `posts/2019-05-01-hello.md` → `/posts/hello/`, `posts/hello/index.md` → `/posts/hello/` */
function addressesOf(facts: AddressFacts, input: string): string[] {
  const permalink = facts.fields.text('permalink');
  if (permalink === 'false') return [];
  if (permalink !== undefined) return permalink.includes('{') ? [] : [joinPath(permalink)];
  const folder = folderOf(facts.path).slice(input.length);
  const { stem } = splitDate(stemOf(facts.path));
  return [joinPath(folder, stem === 'index' ? '' : stem, '/')];
}

export function eleventy(folder: Folder): Flavour {
  const input = inputOf(folder);
  const isPage = (path: string, fields: Fields): boolean =>
    folderOf(path) === input && !fields.has('date') && !fields.has('tags');
  return {
    format: 'Eleventy blog',
    defaultAuthor: undefined,
    timeZone: 'UTC',
    separator: /\s*,\s*/,
    leftOut: (path, fields) => {
      if (input !== '' && !path.startsWith(`${input}/`)) return `file outside ${input}/`;
      if (fields.flag('eleventyexcludefromcollections') === true || isPage(path, fields)) return 'page';
      return undefined;
    },
    factsOf: (path) => {
      const facts = splitDate(stemOf(path));
      return facts.stem === 'index' ? { ...facts, ...splitDate(stemOf(folderOf(path))) } : facts;
    },
    gatheringTags: ['post', 'posts', 'all'],
    otherFile: (path) =>
      /\.(?:json|11tydata\.[cm]?js)$/.test(path) && path.startsWith(input)
        ? 'data file of a folder, which its posts may need'
        : undefined,
    defaultsOf: () => ({}),
    addressesOf: (facts) => addressesOf(facts, input),
    aliasesOf: literalAliases,
    bodyOf: (_, body, remarks) => withoutLiquid(body, remarks),
  };
}
