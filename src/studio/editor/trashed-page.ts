import type { EditedDocument } from '../../blog/editing.service.js';
import { html } from '../../platform/markup/html.js';
import { actionButton, badge, notice, pageHead } from '../components.js';
import { studioPage } from '../page.js';
import { editorTexts } from '../texts/editor.js';
import { textsOf, type Visit } from '../visit.js';

/** A post in the trash, to be read and restored. */
export function trashedPage(visit: Visit, { id, text }: EditedDocument): string {
  const texts = textsOf(visit, editorTexts);
  return studioPage(
    visit,
    { title: text.title, current: 'posts' },
    html`${pageHead(text.title, [
      badge(texts.inTrash, 'caution'),
      actionButton(`/studio/posts/${id}/restore`, texts.restore, 'primary'),
    ])}
      ${notice(texts.trashedPost, 'caution')}
      <label for="content">${texts.content}</label>
      <textarea id="content" rows="24" readonly>
${text.content}</textarea
      >`,
  );
}
