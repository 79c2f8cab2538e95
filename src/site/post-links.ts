import { DELETED_AUTHOR } from '../blog/post.entity.js';
import { tagSlug } from '../platform/slugs/tag-slug.js';
import { html, type Html } from '../platform/markup/html.js';
import type { SiteView } from './site-view.js';

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

const authorOf = ({ texts }: SiteView, { author }: Described): Html =>
  author === DELETED_AUTHOR
    ? html`${texts.deletedAuthor}`
    : html`<a href="${listHref({ author })}" rel="author">${author}</a>`;

/** Date, author and category of a post. */
export const metaLine = (view: SiteView, post: Described): Html =>
  html`<p class="meta">
    <time datetime="${post.created_at}">${view.date(post.created_at)}</time> ·
    ${authorOf(view, post)} ·
    <a href="${listHref({ category: post.category.slug })}">${post.category.name}</a>
  </p>`;

export const tagList = ({ texts }: SiteView, { tags }: Described): Html | null =>
  tags.length === 0
    ? null
    : html`<ul class="tags" aria-label="${texts.tags}">
        ${tags.map((tag) => html`<li><a href="${listHref({ tag: tagSlug(tag) })}" rel="tag">#${tag}</a></li> `)}
      </ul>`;
