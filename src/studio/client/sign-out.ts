import { ask, element } from './dialog.js';
import type { Journal } from './journal.js';
import type { ClientTexts } from './texts.js';

/** Signing out erases what the server has too, and asks first about what it has not. */
export function guardSignOut(journal: Journal, account: string, texts: ClientTexts): void {
  const form = document.querySelector<HTMLFormElement>('form[action="/studio/sign-out"]');
  form?.addEventListener('submit', (event) => {
    event.preventDefault();
    void leave(form).catch(() => form.submit());
  });

  async function leave(form: HTMLFormElement): Promise<void> {
    const left = await journal.eraseSaved(account);
    const warning = element('p', {}, texts.unsavedLead(left.length));
    const choices = [
      ['stay', texts.stay],
      ['leave', texts.signOut],
    ] as const;
    if (left.length === 0 || (await ask(texts.restoreTitle, [warning], choices)) === 'leave') form.submit();
  }
}
