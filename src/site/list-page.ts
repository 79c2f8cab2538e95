import type { CategorySummary, PostSummary } from '../blog/posts.service.js';
import { categoriesHref, categoryItem, withPosts } from './category-links.js';
import { html, type Html } from '../platform/markup/html.js';
import { layout } from './layout.js';
import { listHref, metaLine, postHref, tagList } from './post-links.js';
import type { SiteView } from './site-view.js';
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

function headingOf({ texts }: SiteView, { query, categories }: PostList): string | null {
  const { q, tag, author, category } = query;
  if (q !== undefined) return texts.searchResults(q);
  if (tag !== undefined) return texts.tagged(tag);
  if (author !== undefined) return texts.postsBy(author);
  if (category === undefined) return null;
  return categories.find(({ slug }) => slug === category)?.name ?? category;
}

/** Shows the categories with the most posts. Ties are sorted by name. */
function categoryNav({ texts }: SiteView, { categories, query }: PostList): Html {
  const all = withPosts(categories);
  const shown = all.toSorted((one, other) => other.post_count - one.post_count).slice(0, MAX_CATEGORIES);
  const hasMore = all.length > shown.length;
  return html`<nav class="categories" aria-label="${texts.categories}">
    <ul>
      ${shown.map((category) => categoryItem(category, query.category))}
      ${hasMore && html`<li><a href="${categoriesHref()}">${texts.allCategories(all.length)}</a></li>`}
    </ul>
  </nav>`;
}

const summary = (view: SiteView, post: PostSummary): Html =>
  html`<article class="summary">
    <h2 dir="auto"><a href="${postHref(post.slug)}">${post.title}</a></h2>
    ${metaLine(view, post)}
    <p dir="auto">${post.excerpt}</p>
    ${tagList(view, post)}
  </article> `;

function pager({ texts }: SiteView, { query: { cursor, ...filter }, next }: PostList): Html | null {
  if (cursor === undefined && next === null) return null;
  return html`<nav class="more" aria-label="${texts.pages}">
    <span>${cursor !== undefined && html`<a href="${listHref(filter)}">${texts.newestPosts}</a>`}</span>
    <span>${next !== null && html`<a href="${listHref({ ...filter, cursor: next })}" rel="next">${texts.olderPosts}</a>`}</span>
  </nav>`;
}

/** One page of posts, newest first. */
export function listPage(view: SiteView, list: PostList): string {
  const { settings, texts } = view;
  const heading = headingOf(view, list);
  return layout(
    view,
    {
      heading,
      description:
        heading === null ? settings.description || texts.postsDescription : texts.listDescription(heading),
      q: list.query.q,
    },
    html`${categoryNav(view, list)}
      <h1 dir="auto">${heading ?? texts.latestPosts}</h1>
      ${list.posts.length === 0 ? html`<p>${texts.noPosts}</p>` : list.posts.map((post) => summary(view, post))}
      ${pager(view, list)}`,
  );
}
