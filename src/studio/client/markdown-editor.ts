import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { defineLanguageFacet, HighlightStyle, Language, syntaxHighlighting } from '@codemirror/language';
import { Annotation, Compartment, EditorState, type Extension, Text } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { GFM, parser } from '@lezer/markdown';
import { replacementOf } from './text.js';

/** Only Markdown itself: the ready-made language brings those of HTML, CSS and JavaScript, which are twice as large. */
const markdown = new Language(defineLanguageFacet(), parser.configure(GFM), [], 'markdown');

const highlighting = HighlightStyle.define([
  { tag: tags.heading, fontWeight: '700' },
  { tag: tags.strong, fontWeight: '700' },
  { tag: tags.emphasis, fontStyle: 'italic' },
  { tag: tags.strikethrough, textDecoration: 'line-through' },
  { tag: [tags.link, tags.url], color: 'var(--accent)' },
  { tag: [tags.monospace, tags.processingInstruction, tags.contentSeparator], color: 'var(--faint)' },
  { tag: tags.quote, color: 'var(--faint)' },
]);

/** Marks changes that nobody typed here. */
const fromOutside = Annotation.define<boolean>();

/**
 * The line end of a text. One with mixed line ends is split at LF only, so that a CR stays as a character and the text
 * stays byte for byte.
 */
const lineEndOf = (content: string): string =>
  /\r\n/.test(content) && !/[^\r]\n|^\n|\r(?!\n)/.test(content) ? '\r\n' : '\n';

/** @param nonce of the page's Content-Security-Policy */
export const styling = (nonce: string): Extension => [
  EditorView.cspNonce.of(nonce),
  EditorView.lineWrapping,
  markdown,
  syntaxHighlighting(highlighting),
];

/** Undoing, the usual keys, and pasted text whose line ends become those of the text. */
export const editing: Extension = [
  history(),
  keymap.of([...defaultKeymap, ...historyKeymap]),
  EditorView.clipboardInputFilter.of((pasted, { lineBreak }) => pasted.replace(/\r\n?|\n/g, lineBreak)),
];

interface Options {
  readonly content: string;
  readonly label: string;
  readonly nonce: string;
  readonly extensions: Extension;
  readonly typed: () => void;
}

/** The text of a post in CodeMirror, byte for byte as typed. */
export class MarkdownEditor {
  readonly view: EditorView;
  private readonly lineEnd = new Compartment();

  constructor({ content, label, nonce, extensions, typed }: Options) {
    const separator = lineEndOf(content);
    this.view = new EditorView({
      state: EditorState.create({
        doc: Text.of(content.split(separator)),
        extensions: [
          this.lineEnd.of(EditorState.lineSeparator.of(separator)),
          styling(nonce),
          extensions,
          editing,
          EditorView.contentAttributes.of({
            'aria-label': label,
            spellcheck: 'true',
            autocapitalize: 'sentences',
          }),
          EditorView.updateListener.of(({ docChanged, transactions }) => {
            const isTyped = transactions.some(
              (each) => each.docChanged && each.annotation(fromOutside) !== true,
            );
            if (docChanged && isTyped) typed();
          }),
        ],
      }),
    });
  }

  get content(): string {
    return this.view.state.sliceDoc();
  }

  /** Shows a text that was not typed here, and leaves the cursor where it is in the unchanged part. */
  set content(content: string) {
    const { state } = this.view;
    const separator = lineEndOf(content);
    const after = Text.of(content.split(separator)).toString();
    const { from, to, insert } = replacementOf(state.doc.toString(), after);
    this.view.dispatch({
      changes: { from, to, insert: Text.of(insert.split('\n')) },
      effects: this.lineEnd.reconfigure(EditorState.lineSeparator.of(separator)),
      annotations: fromOutside.of(true),
    });
  }
}
