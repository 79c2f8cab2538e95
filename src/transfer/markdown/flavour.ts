import type { Remarks } from '../remarks.js';
import type { Fields } from './fields.js';
import type { Values } from './parse-front-matter.js';

/** The properties of a post that the path of its file determines. */
export interface PathFacts {
  /** The words of the address: `hello-world` in `_posts/2019-05-01-hello-world.md`. */
  readonly stem: string;
  readonly date?: string;
  readonly categories?: readonly string[];
  readonly isDraft?: boolean;
}

/** The parts that an address may be composed of. */
export interface AddressFacts {
  readonly path: string;
  readonly fields: Fields;
  readonly title: string;
  /** As in the source, before Inkwell makes a slug of it. */
  readonly slug: string;
  readonly categories: readonly string[];
  readonly date: Date;
  readonly timeZone: string;
}

/** How one static site generator stores its posts. */
export interface Flavour {
  /** `Jekyll blog` */
  readonly format: string;
  readonly defaultAuthor: string | undefined;
  /** The time zone of dates without one. */
  readonly timeZone: string;
  /** Splits text into several categories or tags. */
  readonly separator: RegExp;
  /** True if Markdown without front matter is a post. Generators do not treat it as one. */
  readonly isFrontMatterOptional?: true;
  /** Why a file with front matter is not a post. Undefined if it is one. */
  leftOut(path: string, fields: Fields): string | undefined;
  factsOf(path: string): PathFacts;
  /** Defaults from the configuration for a file that lacks a member. */
  defaultsOf(path: string): Values;
  /** The former addresses of the post. Empty if a program decides them. */
  addressesOf(facts: AddressFacts): string[];
  /** The aliases that the post itself declares. */
  aliasesOf(facts: AddressFacts): string[];
  /** Tags that only collect posts for the generator. */
  readonly gatheringTags?: readonly string[];
  /** The kind of a file that is not Markdown, if it matters to the posts. */
  otherFile?(path: string): string | undefined;
  /** The body without the generator's own syntax, where Markdown has an equivalent. */
  bodyOf(path: string, body: string, remarks: Remarks): string;
}

/** `a/b/hello.md` → `hello` */
export const stemOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]+$/, '');

/** `a/b/hello.md` → `a/b`, `hello.md` → '' */
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** A file name that starts with its date: `2019-05-01-hello`. */
export function splitDate(stem: string): PathFacts {
  const match = /^(\d{4}-\d{1,2}-\d{1,2})[-_](.+)$/.exec(stem);
  return match === null ? { stem } : { date: match[1]!, stem: match[2]! };
}

/** Joins parts of a path with single slashes, from the root. */
export const joinPath = (...pieces: readonly string[]): string =>
  `/${pieces.join('/')}`.replace(/\/{2,}/g, '/');

export const literalAliases = ({ fields }: AddressFacts): string[] =>
  ['aliases', 'alias', 'redirect_from'].flatMap((name) => fields.list(name));
