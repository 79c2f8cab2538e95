import { oneCategory } from '../labels.js';
import { parseDate } from '../parse-date.js';
import { BrokenPost, type Remarks } from '../remarks.js';
import type { SourceAuthor, SourcePost } from '../source.js';
import { plainText } from './plain-text.js';
import { wordpressHtml } from './wordpress-html.js';
import { MAX_ITEM_LENGTH, type WxrElement } from './wxr-parser.js';

/** The data at the start of the file, which apply to all posts. */
export interface WxrSite {
  /** The URL of the blog. It tells post 12 of this blog from post 12 of another. */
  readonly url: string;
  readonly authors: ReadonlyMap<string, SourceAuthor>;
  /** The date of a post without any other. */
  readonly exportedAt: Date;
}

const CONTROL_CHARACTERS = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g;

const NOT_PUBLIC: Readonly<Record<string, string>> = {
  private: 'private post became a draft',
  pending: 'post pending review became a draft',
  future: 'scheduled post became a draft',
};

const textOf = (item: WxrElement, name: string): string =>
  (item.texts.get(name) ?? '').replace(CONTROL_CHARACTERS, '');

/** WordPress writes `0000-00-00 00:00:00` into drafts. */
const dateOf = (item: WxrElement, ...names: readonly string[]): Date | undefined =>
  names
    .map((name) => parseDate(textOf(item, name).replace(/^0000-.*/, '')))
    .find((date) => date !== undefined);

/** Slugs in other scripts are stored percent-encoded. */
function decoded(slug: string): string {
  try {
    return decodeURIComponent(slug);
  } catch {
    return slug;
  }
}

/** Why an item is not imported. Undefined if it is. */
export function leftOut(item: WxrElement): string | undefined {
  const type = textOf(item, 'wp:post_type') || 'item without a type';
  if (type !== 'post') return `WordPress ${type}`;
  const status = textOf(item, 'wp:status');
  if (status === 'trash') return 'post in the trash';
  return status === 'auto-draft' || status === 'inherit' ? 'draft that WordPress saved by itself' : undefined;
}

function statusOf(item: WxrElement, remarks: Remarks): SourcePost['status'] {
  const status = textOf(item, 'wp:status');
  if (textOf(item, 'wp:post_password') !== '') {
    remarks.changed('post with a password became a draft');
    return 'draft';
  }
  if (status === 'publish') return 'published';
  if (status !== 'draft') remarks.changed(NOT_PUBLIC[status] ?? `post of status "${status}" became a draft`);
  return 'draft';
}

const NUMBERED = /[?&]p=\d+$/;

/** Includes the addresses that WordPress redirects: the one with the post's number, and one for each former slug. */
function addressesOf(item: WxrElement): string[] {
  const link = textOf(item, 'link').trim();
  const guid = textOf(item, 'guid').trim();
  const slug = textOf(item, 'wp:post_name');
  const formerSlugs = item.metas.filter((meta) => meta.key === '_wp_old_slug').map((meta) => meta.value);
  const former = slug === '' ? [] : formerSlugs.map((old) => link.replace(slug, old));
  return [link, NUMBERED.test(guid) ? guid : '', ...former].filter((address) => address !== '');
}

function labelsOf(item: WxrElement, remarks: Remarks): { category: string | undefined; tags: string[] } {
  const named = (domain: string): string[] =>
    item.categories
      .filter((entry) => entry.domain === domain)
      .map((entry) => plainText(entry.name) || entry.nicename);
  for (const { domain, name } of item.categories) {
    if (domain !== 'category' && domain !== 'post_tag') remarks.notKept(`taxonomy "${domain}"`, name);
  }
  return oneCategory({ categories: named('category'), tags: named('post_tag') }, remarks);
}

function reportRest(item: WxrElement, remarks: Remarks): void {
  if (item.hasControlCharacters) remarks.changed('control characters, which were dropped');
  if (item.commentCount > 0) remarks.notKept('comments', String(item.commentCount));
  if (textOf(item, 'wp:is_sticky') === '1') remarks.notKept('being pinned to the front page');
  for (const key of new Set(item.metas.map((meta) => meta.key))) {
    if (key !== '_wp_old_slug') remarks.notKept(`custom field "${key}"`);
  }
}

/** The post in an item. @throws BrokenPost if the item is not well-formed */
export function readWxrPost(item: WxrElement, site: WxrSite, remarks: Remarks): SourcePost {
  if (item.isTooLong) {
    throw new BrokenPost(`is longer than ${MAX_ITEM_LENGTH / 1024 ** 2} MiB`, { line: item.line });
  }
  if (item.problem !== undefined) throw new BrokenPost('is not well-formed', item.problem);
  const login = textOf(item, 'dc:creator').trim();
  const slug = decoded(textOf(item, 'wp:post_name').trim());
  const title = plainText(textOf(item, 'title'));
  const created = dateOf(item, 'wp:post_date_gmt', 'wp:post_date', 'pubDate', 'wp:post_modified_gmt');
  if (created === undefined) remarks.changed('date taken from the file, as the post has none');
  const post: SourcePost = {
    key: `wordpress:${site.url}#${textOf(item, 'wp:post_id')}`,
    written: JSON.stringify([...item.texts, ...item.categories]),
    place: remarks.place,
    title,
    slug: slug === '' ? title : slug,
    content: wordpressHtml(textOf(item, 'content:encoded'), remarks),
    contentFormat: 'html',
    excerpt: plainText(textOf(item, 'excerpt:encoded')),
    author: login === '' ? undefined : (site.authors.get(login) ?? { name: login, displayName: login }),
    ...labelsOf(item, remarks),
    status: statusOf(item, remarks),
    createdAt: created ?? site.exportedAt,
    updatedAt: dateOf(item, 'wp:post_modified_gmt', 'wp:post_modified'),
    formerAddresses: addressesOf(item),
  };
  reportRest(item, remarks);
  return post;
}
