import { unifiedMergeView } from '@codemirror/merge';
import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { ask, element } from './dialog.js';
import { exactText } from './markdown-editor.js';
import type { EditableText } from './text.js';
import type { ClientTexts } from './texts.js';

const FIELDS = ['title', 'slug', 'category_name', 'tags', 'excerpt'] as const;

/** Shows both versions. @returns the text that the person made of them, or null: not now */
export async function merge(
  mine: EditableText,
  theirs: EditableText,
  texts: ClientTexts,
  nonce: string,
): Promise<EditableText | null> {
  const parent = element('div', { className: 'merge' });
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: mine.content,
      extensions: [
        exactText,
        EditorView.lineWrapping,
        EditorView.cspNonce.of(nonce),
        EditorView.contentAttributes.of({ 'aria-label': texts.text }),
        unifiedMergeView({
          original: EditorState.create({ doc: theirs.content, extensions: exactText }).doc,
          mergeControls: (type, action) => {
            const button = element(
              'button',
              { type: 'button' },
              type === 'accept' ? texts.mine : texts.theirs,
            );
            button.addEventListener('click', action);
            return button;
          },
        }),
      ],
    }),
  });
  const chosen: Record<string, unknown> = {};
  const choices = FIELDS.filter((name) => String(mine[name] ?? '') !== String(theirs[name] ?? '')).map(
    (name) => {
      const select = element(
        'select',
        { ariaLabel: name },
        element('option', { value: 'mine' }, `${texts.mine}: ${String(mine[name] ?? '')}`),
        element('option', { value: 'theirs' }, `${texts.theirs}: ${String(theirs[name] ?? '')}`),
      );
      select.addEventListener('change', () => {
        chosen[name] = (select.value === 'mine' ? mine : theirs)[name];
      });
      return element('p', {}, select);
    },
  );
  const answer = await ask(
    texts.compareTitle,
    [element('p', {}, texts.compareLead), ...choices, parent],
    [
      ['use', texts.useMerged],
      ['', texts.cancel],
    ],
  );
  const content = view.state.sliceDoc();
  view.destroy();
  return answer === 'use' ? { ...mine, ...chosen, content } : null;
}
