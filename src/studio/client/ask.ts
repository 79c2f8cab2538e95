import { closeDialog, make, makeButton } from './dom.js';

/** Asks a question with two answers, over the page. Escape is the second one. @returns true for the first answer */
export function ask(title: string, text: string, yes: string, no: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const dialog = make('dialog', { class: 'dialog', 'aria-labelledby': 'question' });
  const answer = (value: boolean): void => {
    resolve(value);
    closeDialog(dialog);
  };
  dialog.append(
    make('h2', { id: 'question' }, title),
    make('p', {}, text),
    make(
      'div',
      { class: 'actions' },
      makeButton(yes, 'primary', () => answer(true)),
      makeButton(no, 'quiet', () => answer(false)),
    ),
  );
  dialog.addEventListener('cancel', () => answer(false));
  document.body.append(dialog);
  dialog.showModal();
  return promise;
}
