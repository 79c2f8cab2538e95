import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import {
  defaultHighlightStyle,
  defineLanguageFacet,
  Language,
  syntaxHighlighting,
} from '@codemirror/language';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { GFM, parser } from '@lezer/markdown';
import { replacementOf } from './text.js';

/** Lines end only at \n, so that \r stays where it was typed and the text is the same byte for byte. */
export const exactText: Extension = EditorState.lineSeparator.of('\n');

/** GitHub Flavored Markdown, without the languages of code blocks, which would double the script. */
const markdown = new Language(defineLanguageFacet(), parser.configure(GFM), [], 'markdown');

interface MarkdownEditorOptions {
  readonly text: string;
  readonly label: string;
  readonly nonce: string;
  readonly changed: () => void;
  readonly save: () => void;
}

export function markdownEditor({ text, label, nonce, changed, save }: MarkdownEditorOptions): EditorView {
  const shortcut = (key: string, run: () => void) => ({
    key,
    preventDefault: true,
    run: () => (run(), true),
  });
  const view: EditorView = new EditorView({
    doc: text,
    extensions: [
      exactText,
      markdown,
      syntaxHighlighting(defaultHighlightStyle),
      history(),
      keymap.of([
        shortcut('Mod-s', save),
        shortcut('Mod-b', () => wrap(view, '**')),
        shortcut('Mod-i', () => wrap(view, '*')),
        ...defaultKeymap,
        ...historyKeymap,
      ]),
      EditorView.lineWrapping,
      EditorView.cspNonce.of(nonce),
      EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'true' }),
      EditorView.updateListener.of(({ docChanged }) => {
        if (docChanged) changed();
      }),
    ],
  });
  return view;
}

/** Puts a mark on both sides of the selection. */
export function wrap(view: EditorView, mark: string, after = mark): void {
  const { from, to } = view.state.selection.main;
  view.dispatch({
    changes: [
      { from, insert: mark },
      { from: to, insert: after },
    ],
    selection: { anchor: from + mark.length, head: to + mark.length },
  });
  view.focus();
}

/** Puts a mark before each selected line. */
export function prefixLines(view: EditorView, mark: string): void {
  const { doc, selection } = view.state;
  const first = doc.lineAt(selection.main.from).number;
  const last = doc.lineAt(selection.main.to).number;
  const lines = Array.from({ length: last - first + 1 }, (_, i) => doc.line(first + i));
  view.dispatch({ changes: lines.map(({ from }) => ({ from, insert: mark })) });
  view.focus();
}

/** Replaces only what differs, so that the cursor stays. */
export function setText(view: EditorView, text: string): void {
  const before = view.state.sliceDoc();
  if (before !== text) view.dispatch({ changes: replacementOf(before, text) });
}
