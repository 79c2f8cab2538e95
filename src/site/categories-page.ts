import type { CategorySummary } from '../blog/posts.service.js';
import { categoriesHref, categoryItem } from './category-links.js';
import { html, type Html } from '../platform/markup/html.js';
import { layout } from './layout.js';

export interface CategoriesPage {
  /** The categories on this page. */
  readonly categories: readonly CategorySummary[];
  /** From 1. */
  readonly page: number;
  readonly hasMore: boolean;
}

function pager({ page, hasMore }: CategoriesPage): Html | null {
  if (page === 1 && !hasMore) return null;
  return html`<nav class="more" aria-label="Pages">
    <span>${page > 1 && html`<a href="${categoriesHref(page - 1)}" rel="prev">Previous</a>`}</span>
    <span>${hasMore && html`<a href="${categoriesHref(page + 1)}" rel="next">Next</a>`}</span>
  </nav>`;
}

/** One page of all categories, by name. */
export const categoriesPage = (shown: CategoriesPage): string =>
  layout(
    { title: 'Categories · Inkwell', description: 'All categories, by name.' },
    html`<h1>Categories</h1>
      ${
        shown.categories.length === 0
          ? html`<p>There are no categories here.</p>`
          : html`<div class="categories">
              <ul>
                ${shown.categories.map((category) => categoryItem(category))}
              </ul>
            </div>`
      }
      ${pager(shown)}`,
  );
