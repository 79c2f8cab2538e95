import { Journal } from './journal.js';
import { textsOfPage } from './texts.js';

/** Erases from this browser what the server has, and warns about what it does not have. @returns false to stay */
async function leave(account: string): Promise<boolean> {
  const journal = await Journal.open();
  const left = await journal.eraseSaved(account);
  journal.close();
  return left.length === 0 || confirm(textsOfPage().signOutWarning(left.length));
}

const form = document.querySelector<HTMLFormElement>('form[action="/studio/sign-out"]');
form?.addEventListener('submit', (event) => {
  event.preventDefault();
  const account = document.body.dataset['userId'] ?? '';
  // Without a journal there is nothing to erase.
  void leave(account)
    .catch(() => true)
    .then((isLeaving) => isLeaving && form.submit());
});
