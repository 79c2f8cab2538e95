import type { CategorySummary } from '../blog/posts.service.js';
import { html, type Html } from '../platform/markup/html.js';
import { listHref } from './post-links.js';

/** The address of one page of the categories. */
export const categoriesHref = (page = 1): string =>
  page === 1 ? '/blog/categories' : `/blog/categories?page=${page}`;

/** The categories with published posts. */
export const withPosts = (categories: readonly CategorySummary[]): CategorySummary[] =>
  categories.filter(({ post_count: count }) => count > 0);

/** @param current slug of the category that the page shows */
export const categoryItem = (category: CategorySummary, current?: string): Html => {
  const { name, slug, color, post_count: count } = category;
  const dot = html`<svg viewBox="0 0 10 10" aria-hidden="true"><circle cx="5" cy="5" r="5" fill="${color}" /></svg>`;
  const isCurrent = slug === current && html`aria-current="page"`;
  return html`<li><a href="${listHref({ category: slug })}" ${isCurrent}>${dot}${name}</a> ${count}</li> `;
};
