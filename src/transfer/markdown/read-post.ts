import { oneCategory } from '../labels.js';
import type { Remarks } from '../remarks.js';
import type { SourcePost } from '../source.js';
import type { Fields } from './fields.js';
import type { Flavour } from './flavour.js';
import { datesOf, readAuthor, readLabels } from './read-fields.js';

/** A file of a blog, with its front matter parsed. */
export interface MarkdownFile {
  readonly path: string;
  readonly fields: Fields;
  readonly body: string;
  /** The whole file. */
  readonly text: string;
  /** Of a post that has no date anywhere. */
  readonly modifiedAt: Date;
}

/** `hello-big_world` → `Hello big world` */
const titleFromStem = (stem: string): string => {
  const words = stem.replace(/[-_]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
};

function titleOf(fields: Fields, stem: string, remarks: Remarks): string {
  const title = fields.text('title');
  if (title === undefined) remarks.changed('title taken from the file name', stem);
  return title ?? titleFromStem(stem);
}

const isDraft = (fields: Fields): boolean =>
  fields.flag('draft') === true || fields.flag('published') === false || fields.text('permalink') === 'false';

function createdAt(file: MarkdownFile, created: Date | undefined, remarks: Remarks): Date {
  if (created === undefined) remarks.changed('date taken from the file, as the post has none');
  return created ?? file.modifiedAt;
}

/** Addresses a post had, as its front matter and the rules of its generator have it. */
function addressesOf(
  file: MarkdownFile,
  flavour: Flavour,
  facts: Omit<Parameters<Flavour['addressesOf']>[0], 'path' | 'fields'>,
  remarks: Remarks,
): string[] {
  const { path, fields } = file;
  const made = flavour.addressesOf({ path, fields, ...facts });
  if (made.length === 0 && fields.has('permalink'))
    remarks.notKept('permalink made by a template', fields.text('permalink'));
  return [
    ...new Set([...made, ...['aliases', 'alias', 'redirect_from'].flatMap((name) => fields.list(name))]),
  ];
}

/** The post in a file. */
export function readPost(file: MarkdownFile, flavour: Flavour, remarks: Remarks): SourcePost {
  const { path, fields } = file;
  const facts = flavour.factsOf(path);
  const title = titleOf(fields, facts.stem, remarks);
  const slug = fields.text('slug') ?? facts.stem;
  const dates = datesOf(fields, facts.date, flavour.timeZone, remarks);
  const created = createdAt(file, dates.created, remarks);
  const labels = readLabels(fields, flavour.separator, facts.categories ?? []);
  const { timeZone } = flavour;
  const { categories } = labels;
  const post = {
    key: `markdown:${path}`,
    written: file.text,
    place: path,
    title,
    slug,
    content: flavour.bodyOf(path, file.body, remarks),
    contentFormat: /\.html?$/i.test(path) ? ('html' as const) : ('markdown' as const),
    author: readAuthor(fields, remarks),
    ...oneCategory(labels, remarks),
    status: facts.isDraft === true || isDraft(fields) ? ('draft' as const) : ('published' as const),
    createdAt: created,
    updatedAt: dates.updated,
    formerAddresses: addressesOf(
      file,
      flavour,
      { title, slug, categories, date: created, timeZone },
      remarks,
    ),
  };
  for (const name of fields.unread) remarks.notKept(`front matter "${name}"`);
  return post;
}
