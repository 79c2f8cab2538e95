import type { ManagedCategory } from '../../blog/category-editor.service.js';
import { GENERAL_ID } from '../../blog/category.entity.js';
import { html, type Html } from '../../platform/markup/html.js';
import { button, buttonLink, notice, pageHead, selectField, textField } from '../components.js';
import { type FormErrors, NO_ERRORS } from '../form.js';
import { studioPage } from '../page.js';
import { categoriesTexts } from '../texts/categories.js';
import { textsOf, type Visit } from '../visit.js';

const MAX_NAME_LENGTH = 50;

export interface CategoryPage {
  readonly category: ManagedCategory;
  /** Categories that it can be merged into. */
  readonly others: readonly ManagedCategory[];
  /** What was typed. */
  readonly typed?: { readonly name: string; readonly color: string };
  readonly errors?: FormErrors;
}

/** Renames, recolours and merges one category. */
export function categoryPage(visit: Visit, shown: CategoryPage): string {
  const { category, errors = NO_ERRORS, typed = category } = shown;
  const texts = textsOf(visit, categoriesTexts);
  return studioPage(
    visit,
    { title: texts.edit(category.name), current: 'categories' },
    html`${pageHead(texts.edit(category.name), [
      category.post_count > 0 && buttonLink(`/blog/?category=${category.slug}`, texts.view),
      buttonLink('/studio/categories', texts.back, 'quiet'),
    ])}
      ${errors.summary !== '' && notice(errors.summary, 'bad')}
      <form method="post" action="/studio/categories/${category.id}" class="card">
        ${textField({
          name: 'name',
          label: texts.name,
          hint: texts.nameHint,
          value: typed.name,
          required: true,
          maxLength: MAX_NAME_LENGTH,
          error: errors.fields['name'],
        })}
        ${textField({
          name: 'color',
          label: texts.color,
          hint: texts.colorHint,
          type: 'color',
          value: typed.color,
          error: errors.fields['color'],
        })}
        ${button(texts.save, { look: 'primary' })}
      </form>
      ${merging(visit, shown)}`,
  );
}

function merging(visit: Visit, { category, others, errors = NO_ERRORS }: CategoryPage): Html {
  const texts = textsOf(visit, categoriesTexts);
  const form = html`<p class="hint">${texts.mergeLead(String(category.post_count + category.draft_count))}</p>
    <form method="post" action="/studio/categories/${category.id}/merge">
      ${selectField({
        name: 'into',
        label: texts.into,
        value: '',
        options: Object.fromEntries(others.map(({ id, name }) => [String(id), name])),
      })}
      ${errors.fields['into'] !== undefined && html`<p class="error">${errors.fields['into']}</p>`}
      ${button(texts.mergeButton, { look: 'danger' })}
    </form>`;
  const reason =
    category.id === GENERAL_ID ? texts.generalStays : others.length === 0 ? texts.noOther : undefined;
  return html`<section class="card">
    <h2>${texts.merge}</h2>
    ${reason === undefined ? form : html`<p>${reason}</p>`}
  </section>`;
}
