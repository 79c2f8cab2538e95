import { type AddressFacts, type Flavour, type PathFacts, folderOf, joinPath, stemOf } from './flavour.js';
import type { Fields } from './fields.js';
import type { Folder } from './folder.js';
import { datePlaceholders, fillPermalink } from './permalink.js';
import { withoutShortcodes } from './shortcodes.js';
import { knownTimeZone, pathOfUrl, section, siteConfiguration } from './site-configuration.js';

const NAMES = ['hugo', 'config', 'config/_default/hugo', 'config/_default/config'];
export const HUGO_CONFIGURATIONS = NAMES.flatMap((name) =>
  ['toml', 'yaml', 'yml', 'json'].map((language) => `${name}.${language}`),
);

/** `hello.ko.md` is the Korean `hello`. */
const LANGUAGE = /\.([a-z]{2}(?:-[a-z]{2,4})?)$/i;

const urlize = (text: string): string => text.trim().toLowerCase().replace(/\s+/g, '-');
const insideContent = (path: string): string => path.replace(/^(?:.*\/)?content\//, '');

/** A folder with an index.md is one page, named after the folder. */
const bundleOf = (path: string): string =>
  /^index(?:\.[a-z-]+)?$/i.test(stemOf(path)) ? folderOf(path) : path.replace(/\.[^./]+$/, '');

function factsOf(path: string): PathFacts {
  const name = bundleOf(path);
  const language = LANGUAGE.exec(stemOf(path))?.[1];
  const stem = name.slice(name.lastIndexOf('/') + 1).replace(LANGUAGE, '');
  const date = /^\d{4}-\d{2}-\d{2}/.exec(stem)?.[0];
  return {
    stem: language === undefined ? stem : `${stem}-${language}`,
    ...(date === undefined ? {} : { date }),
  };
}

/** The pattern in `permalinks` for the first folder below content: text, or since Hugo 0.117 a member of `page`. */
const patternOf = (site: Fields, folder: string): string | undefined =>
  section(section(site, 'permalinks'), 'page').text(folder) ?? section(site, 'permalinks').text(folder);

function pagePath(facts: AddressFacts, site: Fields): string | undefined {
  const path = insideContent(facts.path);
  const folders = folderOf(bundleOf(path));
  const language = LANGUAGE.exec(stemOf(path))?.[1] ?? '';
  const file = urlize(bundleOf(path).slice(folders.length).replace('/', '').replace(LANGUAGE, ''));
  const slug = facts.fields.text('slug');
  const pattern = patternOf(site, folders.toLowerCase().split('/', 1)[0]!);
  if (pattern === undefined) return joinPath(language, urlize(folders), slug ?? file, '/');
  return fillPermalink(`${language}/${pattern}`, {
    ...datePlaceholders(facts.date, facts.timeZone),
    section: folders.split('/', 1)[0]!,
    sections: folders,
    title: urlize(facts.title),
    slug: slug ?? urlize(facts.title),
    filename: file,
    contentbasename: file,
    slugorfilename: slug ?? file,
    slugorcontentbasename: slug ?? file,
  });
}

/** Aliases without a leading slash are relative to the folder of the post. */
function aliasesOf(facts: AddressFacts): string[] {
  const parent = joinPath(urlize(folderOf(bundleOf(insideContent(facts.path)))));
  return facts.fields
    .list('aliases')
    .map((alias) => (/^\/|^\w+:/.test(alias) ? alias : joinPath(parent, alias)));
}

export function hugo(folder: Folder): Flavour {
  const site = siteConfiguration(folder.root, HUGO_CONFIGURATIONS);
  const bundles = new Set(folder.files.filter((file) => stemOf(file) === 'index').map(folderOf));
  const hasSections = folder.files.some((file) => folderOf(insideContent(file)) !== '');
  const leftOut = (path: string, fields: Fields): string | undefined => {
    if (!/(?:^|\/)content\//.test(path)) return 'file outside content/';
    if (/^_index(?:\.|$)/.test(stemOf(path))) return 'page of a section (_index.md)';
    if (hasSections && folderOf(insideContent(path)) === '') return 'page';
    if (bundles.has(folderOf(path)) && !/^index(?:\.|$)/.test(stemOf(path)))
      return 'resource of a page bundle';
    return fields.text('type') === 'page' ? 'page' : undefined;
  };
  const base = pathOfUrl(site.text('baseurl'));
  const author = section(section(site, 'params'), 'author').text('name');
  return {
    format: 'Hugo blog',
    defaultAuthor: author ?? section(site, 'params').text('author') ?? section(site, 'author').text('name'),
    timeZone: knownTimeZone(site.text('timezone')),
    separator: /\s*,\s*/,
    leftOut,
    factsOf,
    defaultsOf: () => ({}),
    addressesOf: (facts) => {
      const path = facts.fields.text('url') ?? pagePath(facts, site);
      return path === undefined ? [] : [base + joinPath(path)];
    },
    aliasesOf: (facts) => aliasesOf(facts).map((alias) => (alias.startsWith('/') ? base + alias : alias)),
    bodyOf: (_, body, remarks) => withoutShortcodes(body, remarks),
  };
}
