import { DELETED_AUTHOR } from '../blog/post.entity.js';
import { tagSlug } from '../platform/slugs/tag-slug.js';
import { html, type Html } from '../platform/markup/html.js';

const LONG_DATE = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' });

interface Described {
  readonly author: string;
  readonly category: { readonly name: string; readonly slug: string };
  readonly tags: readonly string[];
  readonly created_at: string;
}

export const postHref = (slug: string): string => `/blog/posts/${slug}`;

/** The address of a filtered list of posts. */
export const listHref = (filter: Readonly<Record<string, string | undefined>>): string => {
  const given = Object.entries(filter).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return given.length === 0 ? '/blog/' : `/blog/?${new URLSearchParams(given).toString()}`;
};

const authorOf = ({ author }: Described): Html =>
  author === DELETED_AUTHOR
    ? html`${author}`
    : html`<a href="${listHref({ author })}" rel="author">${author}</a>`;

/** Date, author and category of a post. */
export const metaLine = (post: Described): Html =>
  html`<p class="meta">
    <time datetime="${post.created_at}">${LONG_DATE.format(new Date(post.created_at))}</time> ·
    ${authorOf(post)} ·
    <a href="${listHref({ category: post.category.slug })}">${post.category.name}</a>
  </p>`;

export const tagList = ({ tags }: Described): Html | null =>
  tags.length === 0
    ? null
    : html`<ul class="tags" aria-label="Tags">
        ${tags.map((tag) => html`<li><a href="${listHref({ tag: tagSlug(tag) })}" rel="tag">#${tag}</a></li> `)}
      </ul>`;
