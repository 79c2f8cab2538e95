import { closeDialog, make, makeButton } from './dom.js';
import type { Earlier } from './journal.js';
import type { EditableText } from './text.js';
import type { Texts } from './texts.js';

/**
 * Shows the texts that choices have replaced, newest first.
 * @returns the one to put back; null for none
 */
export function chooseEarlier(
  versions: readonly Earlier[],
  texts: Texts,
  language: string,
): Promise<EditableText | null> {
  const { promise, resolve } = Promise.withResolvers<EditableText | null>();
  const times = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' });
  const dialog = make('dialog', { class: 'dialog', 'aria-labelledby': 'earlier-title' });
  const end = (text: EditableText | null): void => {
    closeDialog(dialog);
    resolve(text);
  };
  const items = versions.map(({ text, at }) =>
    make(
      'li',
      {},
      make('strong', { dir: 'auto' }, text.title),
      make('pre', { dir: 'auto', tabindex: '0' }, text.content),
      makeButton(texts.putBack(times.format(at)), '', () => end(text)),
    ),
  );
  dialog.append(
    make('h2', { id: 'earlier-title' }, texts.earlier),
    make('p', {}, items.length > 0 ? texts.earlierText : texts.noEarlier),
    make('ul', { class: 'earlier' }, ...items),
    make(
      'div',
      { class: 'actions' },
      makeButton(texts.close, 'quiet', () => end(null)),
    ),
  );
  dialog.addEventListener('cancel', () => end(null));
  document.body.append(dialog);
  dialog.showModal();
  return promise;
}
