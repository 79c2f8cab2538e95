import type { TrashedPost } from '../../blog/post-trash.service.js';
import { html, type Html } from '../../platform/markup/html.js';
import {
  actionButton,
  buttonLink,
  emptyState,
  hiddenField,
  notice,
  pageHead,
  table,
  textField,
  button,
} from '../components.js';
import { type FormErrors, NO_ERRORS } from '../form.js';
import { studioPage } from '../page.js';
import { commonTexts } from '../texts/common.js';
import { editorTexts } from '../texts/editor.js';
import { textsOf, type Visit } from '../visit.js';

export interface TrashPage {
  readonly posts: readonly TrashedPost[];
  /** From 0. */
  readonly page: number;
  readonly hasMore: boolean;
  readonly errors?: FormErrors;
  /** The post that could not be restored, because another one has its slug, and a slug that is free. */
  readonly refused?: { readonly id: number; readonly slug: string };
}

const day = (time: Date): Html =>
  html`<time datetime="${time.toISOString()}">${time.toISOString().slice(0, 10)}</time>`;

const pathTo = (id: number): string => `/studio/posts/${id}/restore`;

/** Deleted posts, newest first. */
export function trashPage(
  visit: Visit,
  { posts, page, hasMore, errors = NO_ERRORS, refused }: TrashPage,
): string {
  const [texts, common] = [textsOf(visit, editorTexts), textsOf(visit, commonTexts)];
  const rows = posts.map(({ id, title, status, trashed_at: at, gone_at: gone }) => [
    html`<a href="/studio/posts/${id}" dir="auto">${title}</a>`,
    status === 'published' ? texts.published : texts.draft,
    day(at),
    day(gone),
    actionButton(pathTo(id), texts.restore),
  ]);
  const head = [texts.title, texts.status, texts.deletedOn, texts.goneOn, texts.restore];
  return studioPage(
    visit,
    { title: texts.trash, current: 'posts' },
    html`${pageHead(texts.trash, buttonLink('/studio/posts', texts.allPosts, 'quiet'))}
      <p class="hint">${texts.trashLead}</p>
      ${refused === undefined && errors.summary !== '' && notice(errors.summary, 'bad')}
      ${
        refused !== undefined &&
        html`${notice(texts.slugTaken, 'bad')}
          <form method="post" action="${pathTo(refused.id)}">
            ${hiddenField('page', String(page))}
            ${textField({ name: 'slug', label: texts.restoreAs, value: refused.slug, required: true, maxLength: 100 })}
            ${button(texts.restore, { look: 'primary' })}
          </form>`
      }
      ${rows.length === 0 ? emptyState(texts.trashEmpty) : table(texts.trash, head, rows)}
      <p class="actions">
        ${page > 0 && buttonLink(`/studio/posts/trash?page=${page - 1}`, common.newer, 'quiet')}
        ${hasMore && buttonLink(`/studio/posts/trash?page=${page + 1}`, common.older)}
      </p>`,
  );
}
