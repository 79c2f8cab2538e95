import { EditorSelection, type StateCommand } from '@codemirror/state';
import { type EditorView, type KeyBinding } from '@codemirror/view';
import { make } from './dom.js';
import type { Texts } from './texts.js';

/** Puts a mark around each selection, or takes it away. */
const around =
  (mark: string): StateCommand =>
  ({ state, dispatch }) => {
    const { length } = mark;
    dispatch(
      state.update(
        state.changeByRange(({ from, to }) => {
          const isMarked =
            state.sliceDoc(from - length, from) === mark && state.sliceDoc(to, to + length) === mark;
          if (isMarked)
            return {
              changes: [
                { from: from - length, to: from },
                { from: to, to: to + length },
              ],
              range: EditorSelection.range(from - length, to - length),
            };
          return {
            changes: [
              { from, insert: mark },
              { from: to, insert: mark },
            ],
            range: EditorSelection.range(from + length, to + length),
          };
        }),
        { userEvent: 'input', scrollIntoView: true },
      ),
    );
    return true;
  };

/** Puts a mark at the start of each selected line, or takes it away if all of them have it. */
const before =
  (mark: string): StateCommand =>
  ({ state, dispatch }) => {
    const { from, to } = state.selection.main;
    const [first, last] = [state.doc.lineAt(from).number, state.doc.lineAt(to).number];
    const lines = Array.from({ length: last - first + 1 }, (_, index) => state.doc.line(first + index));
    const isMarked = lines.every(({ text }) => text.startsWith(mark));
    const changes = lines.map((line) =>
      isMarked ? { from: line.from, to: line.from + mark.length } : { from: line.from, insert: mark },
    );
    dispatch(state.update({ changes, userEvent: 'input', scrollIntoView: true }));
    return true;
  };

const link: StateCommand = ({ state, dispatch }) => {
  const { from, to } = state.selection.main;
  const label = state.sliceDoc(from, to);
  const insert = `[${label}](https://)`;
  const cursor = from + insert.length - 1;
  dispatch(
    state.update({ changes: { from, to, insert }, selection: { anchor: cursor }, userEvent: 'input' }),
  );
  return true;
};

interface Tool {
  readonly name: 'bold' | 'italic' | 'heading' | 'link' | 'list' | 'quote' | 'code';
  readonly sign: string;
  readonly key: string;
  readonly run: StateCommand;
}

const TOOLS: readonly Tool[] = [
  { name: 'bold', sign: 'B', key: 'Mod-b', run: around('**') },
  { name: 'italic', sign: 'I', key: 'Mod-i', run: around('_') },
  { name: 'heading', sign: 'H', key: 'Mod-Alt-2', run: before('## ') },
  { name: 'link', sign: '↗', key: 'Mod-k', run: link },
  { name: 'list', sign: '•', key: 'Mod-Shift-8', run: before('- ') },
  { name: 'quote', sign: '❝', key: 'Mod-Shift-9', run: before('> ') },
  { name: 'code', sign: '</>', key: 'Mod-e', run: around('`') },
];

export const toolKeys: readonly KeyBinding[] = TOOLS.map(({ key, run }) => ({
  key,
  run,
  preventDefault: true,
}));

const COMMAND = /Mac|iP(hone|ad|od)/.test(navigator.userAgent) ? '⌘' : 'Ctrl';

function walk(bar: HTMLElement, key: string): void {
  const buttons = [...bar.querySelectorAll('button')];
  const now = buttons.findIndex((each) => each === document.activeElement);
  const next = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: -1 }[key];
  if (now < 0 || next === undefined) return;
  const button = buttons.at(next % buttons.length)!;
  for (const each of buttons) each.tabIndex = each === button ? 0 : -1;
  button.focus();
}

/** Buttons for people who do not know Markdown by heart. */
export function makeToolbar(texts: Texts, viewOf: () => EditorView): HTMLElement {
  const bar = make('div', { class: 'toolbar', role: 'toolbar', 'aria-label': texts.toolbar });
  for (const { name, sign, key, run } of TOOLS) {
    const title = `${texts[name]} (${key.replace('Mod', COMMAND)})`;
    const button = make('button', { type: 'button', title, 'aria-label': title, class: name }, sign);
    button.addEventListener('click', () => {
      const view = viewOf();
      run(view);
      view.focus();
    });
    // One stop for Tab; the arrow keys go from button to button, as screen readers say of a toolbar.
    button.tabIndex = bar.childElementCount === 0 ? 0 : -1;
    bar.append(button);
  }
  bar.addEventListener('keydown', ({ key }) => walk(bar, key));
  return bar;
}
