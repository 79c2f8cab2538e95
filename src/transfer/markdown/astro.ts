import {
  type Flavour,
  literalAliases,
  type PathFacts,
  folderOf,
  joinPath,
  splitDate,
  stemOf,
} from './flavour.js';
import { withoutMdx } from './mdx.js';

/** A path below Astro's content folder: collection, folders, file. */
const INSIDE = /^(?:.*\/)?src\/(?:content|pages|data)\/(.+)$/;

function factsOf(path: string): PathFacts {
  const stem = stemOf(path) === 'index' ? stemOf(folderOf(path)) : stemOf(path);
  const date = splitDate(stem).date;
  return { stem, ...(date === undefined ? {} : { date }) };
}

/** In Astro, code decides where a post is shown. The starter templates use `/<collection>/<id>/`. */
function addressOf(path: string, slug: string | undefined): string {
  const inside = path.replace(INSIDE, '$1');
  const id = inside.replace(/(?:\/index)?\.[^./]+$/, '');
  return slug === undefined ? joinPath(id, '/') : joinPath(folderOf(id), slug, '/');
}

export function astro(): Flavour {
  return {
    format: 'Astro blog',
    defaultAuthor: undefined,
    timeZone: 'UTC',
    separator: /\s*,\s*/,
    leftOut: (path) => {
      const inside = INSIDE.exec(path)?.[1];
      if (inside === undefined) return 'file outside src/content/';
      return folderOf(inside) === '' ? 'page' : undefined;
    },
    factsOf,
    defaultsOf: () => ({}),
    addressesOf: ({ path, fields }) => [addressOf(path, fields.text('slug'))],
    aliasesOf: literalAliases,
    bodyOf: (path, body, remarks) => (path.endsWith('.mdx') ? withoutMdx(body, remarks) : body),
  };
}
