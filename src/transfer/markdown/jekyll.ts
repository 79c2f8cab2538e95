import { withoutLiquid } from './liquid.js';
import type { Folder } from './folder.js';
import {
  type AddressFacts,
  type Flavour,
  literalAliases,
  type PathFacts,
  folderOf,
  splitDate,
  stemOf,
} from './flavour.js';
import type { Values } from './parse-front-matter.js';
import { datePlaceholders, fillPermalink } from './permalink.js';
import { knownTimeZone, pathOfUrl, section, siteConfiguration } from './site-configuration.js';

/** https://jekyllrb.com/docs/permalinks/#built-in-formats */
const STYLES: Readonly<Record<string, string>> = {
  date: '/:categories/:year/:month/:day/:title:output_ext',
  pretty: '/:categories/:year/:month/:day/:title/',
  ordinal: '/:categories/:year/:y_day/:title:output_ext',
  none: '/:categories/:title:output_ext',
};

/** Folders above `_posts` that belong to the blog and are no category. */
const SOURCE_FOLDERS = new Set(['source', 'src', 'docs']);
const POSTS = /(?:^|\/)_(?:posts|drafts)\//;

const lowerSlug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');

function factsOf(path: string): PathFacts {
  const isDraft = /(?:^|\/)_drafts\//.test(path);
  const above = path.slice(0, path.search(POSTS)).split('/');
  const categories = above.filter((name, index) => name !== '' && !(index === 0 && SOURCE_FOLDERS.has(name)));
  return { ...splitDate(stemOf(path)), categories, isDraft };
}

/** `defaults:` in _config.yml for posts. Later entries add to earlier ones. */
function defaultsFor(path: string, entries: readonly unknown[]): Values {
  const isFor = (scope: { path?: unknown; type?: unknown } | undefined): boolean => {
    const prefix = typeof scope?.path === 'string' ? scope.path : '';
    return path.startsWith(prefix) && [undefined, '', 'posts'].includes(scope?.type as string | undefined);
  };
  const matching = (entries as { scope?: object; values?: Values }[]).filter((entry) => isFor(entry?.scope));
  return Object.assign({}, ...matching.map((entry) => entry.values)) as Values;
}

/** @param style from the configuration */
function addressesOf(facts: AddressFacts, style: string, baseUrl: string): string[] {
  const own = facts.fields.text('permalink');
  const pattern = STYLES[own ?? style] ?? own ?? style;
  const categories = facts.categories.map((name) => name.toLowerCase()).join('/');
  const path = fillPermalink(pattern, {
    ...datePlaceholders(facts.date, facts.timeZone),
    categories,
    slugified_categories: facts.categories.map(lowerSlug).join('/'),
    category: categories,
    title: facts.slug,
    slug: lowerSlug(facts.slug),
    name: facts.slug,
    output_ext: '.html',
  });
  return path === undefined ? [] : [baseUrl + path];
}

export function jekyll(folder: Folder): Flavour {
  const site = siteConfiguration(folder.root, ['_config.yml', '_config.yaml', '_config.toml']);
  const posts = section(section(site, 'collections'), 'posts');
  const style = posts.text('permalink') ?? site.text('permalink') ?? 'date';
  const defaults = site.raw('defaults');
  const baseUrl = pathOfUrl(site.text('baseurl'));
  return {
    format: 'Jekyll blog',
    defaultAuthor: site.text('author') ?? section(site, 'author').text('name'),
    timeZone: knownTimeZone(site.text('timezone')),
    separator: /\s+/,
    leftOut: (path) =>
      POSTS.test(path) ? undefined : folderOf(path).startsWith('_') ? 'page of a collection' : 'page',
    factsOf,
    defaultsOf: (path) => (Array.isArray(defaults) ? defaultsFor(path, defaults) : {}),
    addressesOf: (facts) => addressesOf(facts, style, baseUrl),
    aliasesOf: literalAliases,
    bodyOf: (_, body, remarks) => withoutLiquid(body, remarks),
  };
}
