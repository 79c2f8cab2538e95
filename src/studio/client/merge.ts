import { MergeView } from '@codemirror/merge';
import { EditorState, Text } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import type { Conflict } from './conflict.js';
import { closeDialog, make, makeButton } from './dom.js';
import { editing, styling } from './markdown-editor.js';
import type { EditableText } from './text.js';
import type { Texts } from './texts.js';

const FIELDS = ['title', 'slug', 'category_name', 'tags', 'excerpt'] as const;
type Field = (typeof FIELDS)[number];

const shownOf = (text: EditableText, field: Field): string => {
  const value = text[field];
  return typeof value === 'string' ? value : (value ?? []).join(', ');
};

/** Left empty for the server to fill in, which it has done: that is nothing to choose from. */
const isLeftToServer = (mine: EditableText, field: Field): boolean =>
  (field === 'slug' || field === 'category_name') && mine[field] === '';

interface Merge {
  readonly mine: EditableText;
  readonly conflict: Conflict;
  readonly texts: Texts;
  readonly nonce: string;
  /** The label of each field in the form. */
  readonly labelOf: (field: string) => string;
}

/** A choice between two values of a field. */
function choiceOf(field: Field, { mine, conflict, texts, labelOf }: Merge): HTMLFieldSetElement {
  const group = make('fieldset', {}, make('legend', {}, labelOf(field)));
  for (const [whose, text, label] of [
    ['mine', mine, texts.mine],
    ['theirs', conflict.theirs, texts.theirs],
  ] as const) {
    const input = make('input', { type: 'radio', name: `merge-${field}`, value: whose });
    input.checked = whose === 'mine';
    const value = shownOf(text, field);
    group.append(make('label', { class: 'check' }, input, `${label}: ${value === '' ? '—' : value}`));
  }
  return group;
}

/**
 * Shows both versions of a post and lets the person make one of them. Closing it changes nothing.
 * @returns the chosen text; null to decide later
 */
export function merge(between: Merge): Promise<EditableText | null> {
  const { mine, conflict, texts, nonce } = between;
  const { theirs } = conflict;
  const { promise, resolve } = Promise.withResolvers<EditableText | null>();
  const host = make('div', { class: 'merge' });
  const differing = FIELDS.filter(
    (field) => shownOf(mine, field) !== shownOf(theirs, field) && !isLeftToServer(mine, field),
  );
  const choices = differing.map((field) => choiceOf(field, between));
  // Split at LF only, so that every other character stays as it is.
  const side = (content: string, label: string, isEditable: boolean) => ({
    doc: Text.of(content.split('\n')),
    extensions: [
      EditorState.lineSeparator.of('\n'),
      styling(nonce),
      EditorView.contentAttributes.of({ 'aria-label': label }),
      ...(isEditable ? [editing] : [EditorState.readOnly.of(true), EditorView.editable.of(false)]),
    ],
  });
  const view = new MergeView({
    a: side(theirs.content, texts.theirs, false),
    b: side(mine.content, texts.mine, true),
    parent: host,
    revertControls: 'a-to-b',
    highlightChanges: true,
    gutter: true,
  });

  const dialog = make('dialog', { class: 'dialog wide', 'aria-labelledby': 'merge-title' });
  const end = (text: EditableText | null): void => {
    view.destroy();
    closeDialog(dialog);
    resolve(text);
  };
  const merged = (): EditableText => {
    const isTheirs = (field: Field): boolean =>
      isLeftToServer(mine, field) ||
      dialog.querySelector<HTMLInputElement>(`input[name="merge-${field}"][value="theirs"]`)?.checked ===
        true;
    const chosen = Object.fromEntries(
      FIELDS.map((field) => [field, (isTheirs(field) ? theirs : mine)[field]]),
    );
    return { ...mine, ...(chosen as Omit<EditableText, 'content'>), content: view.b.state.sliceDoc() };
  };
  dialog.append(
    make('h2', { id: 'merge-title' }, texts.mergeTitle),
    make('p', {}, texts.mergeText),
    ...choices,
    make('div', { class: 'merge-heads' }, make('strong', {}, texts.theirs), make('strong', {}, texts.mine)),
    host,
    make(
      'div',
      { class: 'actions' },
      makeButton(texts.useMerged, 'primary', () => end(merged())),
      makeButton(texts.takeTheirs, '', () => end(theirs)),
      makeButton(texts.later, 'quiet', () => end(null)),
    ),
  );
  dialog.addEventListener('cancel', () => end(null));
  document.body.append(dialog);
  dialog.showModal();
  view.b.focus();
  return promise;
}
