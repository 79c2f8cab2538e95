import type { CategorySummary, PostSummary } from '../blog/posts.service.js';
import { categoriesHref, categoryItem, withPosts } from './category-links.js';
import { html, type Html } from '../platform/markup/html.js';
import { layout } from './layout.js';
import { listHref, metaLine, postHref, tagList } from './post-links.js';
import type { PageQuery } from './site.schemas.js';

/** Authors can create any number of categories, so the page must not grow with them. */
const MAX_CATEGORIES = 30;

export interface PostList {
  readonly query: PageQuery;
  readonly posts: readonly PostSummary[];
  /** Cursor of the next page, if there is one. */
  readonly next: string | null;
  readonly categories: readonly CategorySummary[];
}

const headingOf = ({ query: { q, tag, author, category }, categories }: PostList): string | null => {
  if (q !== undefined) return `Search: ${q}`;
  if (tag !== undefined) return `Tagged ${tag}`;
  if (author !== undefined) return `Posts by ${author}`;
  if (category === undefined) return null;
  return categories.find(({ slug }) => slug === category)?.name ?? category;
};

/** Shows the categories with the most posts. Ties are sorted by name. */
function categoryNav({ categories, query }: PostList): Html {
  const all = withPosts(categories);
  const shown = all.toSorted((one, other) => other.post_count - one.post_count).slice(0, MAX_CATEGORIES);
  const hasMore = all.length > shown.length;
  return html`<nav class="categories" aria-label="Categories">
    <ul>
      ${shown.map((category) => categoryItem(category, query.category))}
      ${hasMore && html`<li><a href="${categoriesHref()}">All ${all.length} categories</a></li>`}
    </ul>
  </nav>`;
}

const summary = (post: PostSummary): Html =>
  html`<article class="summary">
    <h2 dir="auto"><a href="${postHref(post.slug)}">${post.title}</a></h2>
    ${metaLine(post)}
    <p dir="auto">${post.excerpt}</p>
    ${tagList(post)}
  </article> `;

function pager({ query: { cursor, ...filter }, next }: PostList): Html | null {
  if (cursor === undefined && next === null) return null;
  return html`<nav class="more" aria-label="Pages">
    <span>${cursor !== undefined && html`<a href="${listHref(filter)}">Newest posts</a>`}</span>
    <span>${next !== null && html`<a href="${listHref({ ...filter, cursor: next })}" rel="next">Older posts</a>`}</span>
  </nav>`;
}

/** One page of posts, newest first. */
export function listPage(list: PostList): string {
  const heading = headingOf(list);
  return layout(
    {
      title: heading === null ? 'Inkwell' : `${heading} · Inkwell`,
      description: heading === null ? 'All posts, newest first.' : `${heading}: posts, newest first.`,
      q: list.query.q,
    },
    html`${categoryNav(list)}
      <h1 dir="auto">${heading ?? 'Latest posts'}</h1>
      ${list.posts.length === 0 ? html`<p>There are no posts here.</p>` : list.posts.map(summary)}
      ${pager(list)}`,
  );
}
