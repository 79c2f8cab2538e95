import { parseDate } from '../parse-date.js';
import type { Remarks } from '../remarks.js';
import type { SourceAuthor } from '../source.js';
import type { Fields } from './fields.js';
import type { Values } from './parse-front-matter.js';

/** Names of the same member in different generators and themes. The first one present counts. */
const CREATED = [
  'date',
  'pubdate',
  'pubdatetime',
  'publishdate',
  'publisheddate',
  'publishedat',
  'published_at',
  'created',
  'created_at',
];
const UPDATED = [
  'updated',
  'updated_at',
  'updateddate',
  'lastmod',
  'last_modified_at',
  'last_modified',
  'modified',
  'moddatetime',
  'modifieddate',
];

interface Dates {
  readonly created: Date | undefined;
  readonly updated: Date | undefined;
}

function dateOf(fields: Fields, names: readonly string[], zone: string, remarks: Remarks): Date | undefined {
  const text = fields.text(...names);
  if (text === undefined) return undefined;
  const date = parseDate(text, zone);
  if (date === undefined) remarks.notKept('date that cannot be read', text);
  return date;
}

/** @param fromPath the date in the file name @param zone the time zone of dates without one */
export function datesOf(fields: Fields, fromPath: string | undefined, zone: string, remarks: Remarks): Dates {
  const created = dateOf(fields, CREATED, zone, remarks);
  const updated = dateOf(fields, UPDATED, zone, remarks);
  return { created: created ?? (fromPath === undefined ? undefined : parseDate(fromPath, zone)), updated };
}

function authorOf(value: unknown): SourceAuthor | undefined {
  if (typeof value === 'string' && value.trim() !== '') {
    const name = value.trim();
    return { name, displayName: name };
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { name, username, slug } = value as Values;
  const [displayName, id] = [name, username ?? slug ?? name].map((text) =>
    typeof text === 'string' ? text.trim() : '',
  );
  return id === undefined || id === '' ? undefined : { name: id, displayName: displayName || id };
}

/** `author: Jane`, `authors: [Jane, Bo]`, `author: { name: Jane }`. The first author is kept. */
export function readAuthor(fields: Fields, remarks: Remarks): SourceAuthor | undefined {
  const values = ['author', 'authors'].flatMap((name) => fields.raw(name));
  const authors = values.map(authorOf).filter((author) => author !== undefined);
  if (authors.length > 1) {
    remarks.notKept(
      'further authors of a post',
      authors
        .slice(1)
        .map((author) => author.displayName)
        .join(', '),
    );
  }
  return authors[0];
}

/** The words of an author about a post, on one line. The first member with a text counts. */
export function readExcerpt(fields: Fields): string | undefined {
  const values = ['excerpt', 'summary', 'description'].map((name) => fields.raw(name));
  const text = values.find((value) => typeof value === 'string' && value.trim() !== '');
  return (text as string | undefined)?.replace(/\s+/g, ' ').trim();
}

/** All categories and tags. Inkwell keeps one category and many tags, so further categories become tags. */
export function readLabels(
  fields: Fields,
  separator: RegExp,
  fromPath: readonly string[],
): { categories: string[]; tags: string[] } {
  const categories = [...fromPath, ...fields.list('category'), ...fields.list('categories', separator)];
  const tags = [...fields.list('tags', separator), ...fields.list('tag')];
  return { categories: [...new Set(categories)], tags: [...new Set(tags)] };
}
