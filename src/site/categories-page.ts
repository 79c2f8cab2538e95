import type { CategorySummary } from '../blog/posts.service.js';
import { categoriesHref, categoryItem } from './category-links.js';
import { html, type Html } from '../platform/markup/html.js';
import { layout } from './layout.js';
import type { SiteView } from './site-view.js';

export interface CategoriesPage {
  /** The categories on this page. */
  readonly categories: readonly CategorySummary[];
  /** From 1. */
  readonly page: number;
  readonly hasMore: boolean;
}

function pager({ texts }: SiteView, { page, hasMore }: CategoriesPage): Html | null {
  if (page === 1 && !hasMore) return null;
  return html`<nav class="more" aria-label="${texts.pages}">
    <span>${page > 1 && html`<a href="${categoriesHref(page - 1)}" rel="prev">${texts.previous}</a>`}</span>
    <span>${hasMore && html`<a href="${categoriesHref(page + 1)}" rel="next">${texts.next}</a>`}</span>
  </nav>`;
}

/** One page of all categories, by name. */
export const categoriesPage = (view: SiteView, shown: CategoriesPage): string =>
  layout(
    view,
    { heading: view.texts.categories, description: view.texts.categoriesDescription },
    html`<h1>${view.texts.categories}</h1>
      ${
        shown.categories.length === 0
          ? html`<p>${view.texts.noCategories}</p>`
          : html`<div class="categories">
              <ul>
                ${shown.categories.map((category) => categoryItem(category))}
              </ul>
            </div>`
      }
      ${pager(view, shown)}`,
  );
