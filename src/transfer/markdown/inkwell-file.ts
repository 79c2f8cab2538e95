import { DELETED_AUTHOR } from '../../blog/post.entity.js';
import { slugify } from '../../platform/slugs/slugify.js';
import { parseDate } from '../parse-date.js';
import { BrokenPost } from '../remarks.js';
import type { SourcePost } from '../source.js';
import type { Fields } from './fields.js';
import type { MarkdownFile } from './read-post.js';

/** The member of the front matter that marks a file as an Inkwell export, and the version of its layout. */
export const EXPORT_MARK = 'inkwell';
export const EXPORT_VERSION = '1';

const dateOf = (fields: Fields, name: string): Date => {
  const date = parseDate(fields.text(name) ?? '');
  if (date === undefined) throw new BrokenPost(`has no valid ${name}`, { detail: fields.text(name) ?? '' });
  return date;
};

function authorOf(fields: Fields): SourcePost['author'] {
  const name = fields.text('author');
  if (name === DELETED_AUTHOR) return null;
  return name === undefined ? undefined : { name, displayName: fields.text('author_name') ?? name };
}

/**
 * Reads the post in a file of an export. Every member is restored unchanged.
 * @throws BrokenPost if the file was damaged
 */
export function readInkwellFile(file: Omit<MarkdownFile, 'key' | 'modifiedAt'>): SourcePost {
  const { path, fields, body, text } = file;
  if (fields.text(EXPORT_MARK) !== EXPORT_VERSION)
    throw new BrokenPost('was exported by a later version of Inkwell');
  const slug = fields.text('slug');
  const title = fields.text('title');
  if (slug === undefined || title === undefined) throw new BrokenPost('has no title or no slug');
  const createdAt = dateOf(fields, 'date');
  return {
    // The key is not the path, because an export must find its posts again when it is imported where it came from.
    key: `inkwell:${slug}@${createdAt.toISOString()}`,
    written: text,
    isExportOfOurs: true,
    place: path,
    title,
    slug,
    content: body,
    contentFormat: fields.text('format') === 'html' ? 'html' : 'markdown',
    excerpt: fields.text('excerpt'),
    author: authorOf(fields),
    category: fields.text('category'),
    tags: fields.list('tags'),
    status: fields.flag('draft') === true ? 'draft' : 'published',
    createdAt,
    updatedAt: dateOf(fields, 'updated'),
    formerAddresses: fields.list('aliases'),
    formerSlugs: fields.list('former_slugs').filter((former) => former === slugify(former)),
  };
}
