import type { Remarks } from '../remarks.js';
import type { Fields } from './fields.js';
import type { Values } from './parse-front-matter.js';

/** What the path of a file says about the post in it. */
export interface PathFacts {
  /** The words that the address is made of: `hello-world` of `_posts/2019-05-01-hello-world.md`. */
  readonly stem: string;
  readonly date?: string;
  readonly categories?: readonly string[];
  readonly isDraft?: boolean;
}

/** What an address may be made of. */
export interface AddressFacts {
  readonly path: string;
  readonly fields: Fields;
  readonly title: string;
  /** As the source has it, before Inkwell makes a slug of it. */
  readonly slug: string;
  readonly categories: readonly string[];
  readonly date: Date;
  readonly timeZone: string;
}

/** How one static site generator keeps its posts. */
export interface Flavour {
  /** `Jekyll blog` */
  readonly format: string;
  readonly defaultAuthor: string | undefined;
  /** Of dates without one. */
  readonly timeZone: string;
  /** Parts a text into several categories or tags. */
  readonly separator: RegExp;
  /** Why a file with front matter is not a post; undefined when it is one. */
  leftOut(path: string, fields: Fields): string | undefined;
  factsOf(path: string): PathFacts;
  /** What the configuration says about the post of a file that does not say it itself. */
  defaultsOf(path: string): Values;
  /** Where the generator showed the post; none when a program decides that. */
  addressesOf(facts: AddressFacts): string[];
  /** Addresses that the post itself says led to it. */
  aliasesOf(facts: AddressFacts): string[];
  /** Tags that only gather the posts for the generator. */
  readonly gatheringTags?: readonly string[];
  /** What a file is that is not Markdown, if it matters to the posts. */
  otherFile?(path: string): string | undefined;
  /** The body without the generator's own language, as far as it has an equal in Markdown. */
  bodyOf(path: string, body: string, remarks: Remarks): string;
}

/** `a/b/hello.md` → `hello` */
export const stemOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]+$/, '');

/** `a/b/hello.md` → `a/b`, `hello.md` → '' */
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** A file name that begins with its date: `2019-05-01-hello`. */
export function splitDate(stem: string): PathFacts {
  const match = /^(\d{4}-\d{1,2}-\d{1,2})[-_](.+)$/.exec(stem);
  return match === null ? { stem } : { date: match[1]!, stem: match[2]! };
}

/** Joins pieces of a path with single slashes, from the root. */
export const joinPath = (...pieces: readonly string[]): string =>
  `/${pieces.join('/')}`.replace(/\/{2,}/g, '/');

export const literalAliases = ({ fields }: AddressFacts): string[] =>
  ['aliases', 'alias', 'redirect_from'].flatMap((name) => fields.list(name));
