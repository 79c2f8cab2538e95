import type { ManagedCategory } from '../../blog/category-editor.service.js';
import { html, type Html } from '../../platform/markup/html.js';
import { pageHead, table } from '../components.js';
import { studioPage } from '../page.js';
import { categoriesTexts } from '../texts/categories.js';
import { textsOf, type Visit } from '../visit.js';

/** Any colour is recognisable on any background by its edge, and the name stands beside it. */
const dot = (color: string): Html =>
  html`<svg class="dot" viewBox="0 0 12 12" aria-hidden="true"><circle cx="6" cy="6" r="5" fill="${color}" /></svg>`;

/** All categories by name, also those that contain only drafts. */
export function categoriesPage(visit: Visit, categories: readonly ManagedCategory[]): string {
  const texts = textsOf(visit, categoriesTexts);
  return studioPage(
    visit,
    { title: texts.title, current: 'categories' },
    html`${pageHead(texts.title)}
      <p class="lead">${texts.lead}</p>
      ${table(
        texts.title,
        [texts.name, texts.address, texts.published, texts.drafts],
        categories.map(({ id, name, slug, color, post_count: posts, draft_count: drafts }) => [
          html`${dot(color)} <a href="/studio/categories/${id}" dir="auto">${name}</a>`,
          html`<code>${slug}</code>`,
          posts,
          drafts,
        ]),
      )}`,
  );
}
