import { oneCategory } from '../labels.js';
import type { Remarks } from '../remarks.js';
import type { SourcePost } from '../source.js';
import type { Fields } from './fields.js';
import type { AddressFacts, Flavour } from './flavour.js';
import { datesOf, readAuthor, readExcerpt, readLabels } from './read-fields.js';

/** A file of a blog, with its front matter parsed. */
export interface MarkdownFile {
  readonly path: string;
  readonly fields: Fields;
  readonly body: string;
  readonly key: string;
  /** The content of the whole file. */
  readonly text: string;
  /** The date of a post without any other. */
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

function addressesOf(flavour: Flavour, facts: AddressFacts, remarks: Remarks): string[] {
  const own = flavour.addressesOf(facts);
  const permalink = facts.fields.text('permalink');
  if (own.length === 0 && permalink?.match(/[{:]/)) remarks.notKept('permalink from a template', permalink);
  return [...new Set([...own, ...flavour.aliasesOf(facts)])];
}

function withoutGatheringTags(tags: readonly string[], flavour: Flavour, remarks: Remarks): string[] {
  const gathering = new Set(flavour.gatheringTags);
  for (const tag of tags) if (gathering.has(tag)) remarks.notKept(`tag "${tag}" that only gathers the posts`);
  return tags.filter((tag) => !gathering.has(tag));
}

/** The post in a file. */
export function readPost(file: MarkdownFile, flavour: Flavour, remarks: Remarks): SourcePost {
  const { path, fields } = file;
  const facts = flavour.factsOf(path);
  const title = titleOf(fields, facts.stem, remarks);
  const slug = fields.text('slug') ?? facts.stem;
  const dates = datesOf(fields, facts.date, flavour.timeZone, remarks);
  const created = createdAt(file, dates.created, remarks);
  const { categories, tags } = readLabels(fields, flavour.separator, facts.categories ?? []);
  const { timeZone } = flavour;
  const labels = { categories, tags: withoutGatheringTags(tags, flavour, remarks) };
  const address = { path, fields, title, slug, categories, date: created, timeZone };
  const post = {
    key: file.key,
    written: file.text,
    place: path,
    title,
    slug,
    content: flavour.bodyOf(path, file.body, remarks),
    contentFormat: /\.html?$/i.test(path) ? ('html' as const) : ('markdown' as const),
    excerpt: readExcerpt(fields),
    author: readAuthor(fields, remarks),
    ...oneCategory(labels, remarks),
    status: facts.isDraft === true || isDraft(fields) ? ('draft' as const) : ('published' as const),
    createdAt: created,
    updatedAt: dates.updated,
    formerAddresses: addressesOf(flavour, address, remarks),
  };
  for (const name of fields.unread) remarks.notKept(`front matter "${name}"`);
  return post;
}
