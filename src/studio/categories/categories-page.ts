import type { ManagedCategory } from '../../blog/category-editor.service.js';
import { html, type Html } from '../../platform/markup/html.js';
import { button, buttonLink, pageHead, table, textField } from '../components.js';
import { studioPage } from '../page.js';
import { commonTexts } from '../texts/common.js';
import { categoriesTexts } from '../texts/categories.js';
import { textsOf, type Visit } from '../visit.js';

/** Any colour is recognisable on any background by its edge, and the name stands beside it. */
const dot = (color: string): Html =>
  html`<svg class="dot" viewBox="0 0 12 12" aria-hidden="true"><circle cx="6" cy="6" r="5" fill="${color}" /></svg>`;

export interface CategoriesPage {
  readonly categories: readonly ManagedCategory[];
  /** The searched part of a name. */
  readonly q: string;
  /** From 1. */
  readonly page: number;
  readonly hasMore: boolean;
}

/** Categories by name, also those that contain only drafts. */
export function categoriesPage(visit: Visit, { categories, q, page, hasMore }: CategoriesPage): string {
  const [texts, common] = [textsOf(visit, categoriesTexts), textsOf(visit, commonTexts)];
  const hrefOf = (to: number): string =>
    `/studio/categories?${new URLSearchParams({ q, page: String(to) }).toString()}`;
  return studioPage(
    visit,
    { title: texts.title, current: 'categories' },
    html`${pageHead(texts.title)}
      <p class="lead">${texts.lead}</p>
      <form method="get" action="/studio/categories" class="filters" role="search">
        ${textField({ name: 'q', label: texts.search, type: 'search', value: q })} ${button(common.search)}
      </form>
      ${table(
        texts.title,
        [texts.name, texts.address, texts.published, texts.drafts],
        categories.map(({ id, name, slug, color, post_count: posts, draft_count: drafts }) => [
          html`${dot(color)} <a href="/studio/categories/${id}" dir="auto">${name}</a>`,
          html`<code>${slug}</code>`,
          posts,
          drafts,
        ]),
      )}
      <p class="actions">
        ${page > 1 && buttonLink(hrefOf(1), common.first, 'quiet')}
        ${hasMore && buttonLink(hrefOf(page + 1), common.next)}
      </p>`,
  );
}
