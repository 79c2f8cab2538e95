import { StudioApi, type Versioned } from './api.js';
import { systemClock } from './clock.js';
import { ask, element } from './dialog.js';
import { EditorPage } from './editor-page.js';
import { Journal } from './journal.js';
import { openEntry } from './opening.js';
import { Session } from './session.js';
import { guardSignOut } from './sign-out.js';
import { textsFor } from './texts.js';

/** Keeps what choices of the person have replaced for this long, in ms. */
const KEEP_SAVED_MS = 30 * 24 * 60 * 60 * 1000;

/** Without any part of this, the form stays the plain form that it is. */
async function enhance(form: HTMLFormElement): Promise<void> {
  const account = form.dataset['userId'];
  if (account === undefined || account === '' || !('locks' in navigator)) return;
  const texts = textsFor(document.documentElement.lang);
  const journal = await Journal.open();
  const api = new StudioApi(globalThis.fetch.bind(globalThis));
  const id = Number(form.dataset['postId'] ?? '');
  let server: Versioned | null = null;
  if (id > 0) {
    const read = await api.read(id);
    if (!('document' in read)) return;
    server = read;
  }
  await journal.eraseSaved(account, Date.now() - KEEP_SAVED_MS).catch(() => []);
  const entry = await openEntry({
    journal,
    locks: navigator.locks,
    account,
    server,
    now: () => Date.now(),
    newId: () => crypto.randomUUID(),
    offer: async ({ text }) => {
      const shown = element('pre', {}, `${text.title}\n\n${text.content.slice(0, 600)}`);
      const answer = await ask(
        texts.restoreTitle,
        [element('p', {}, texts.restoreLead), shown],
        [
          ['restore', texts.restore],
          ['leave', texts.leave],
        ],
      );
      return answer === 'restore' ? 'restore' : 'leave';
    },
  });
  const page = new EditorPage(form, api, texts, entry.text);
  const around = {
    api,
    journal,
    clock: systemClock,
    locks: navigator.locks,
    random: Math.random,
    newKey: () => crypto.randomUUID(),
  };
  const session = new Session(entry, entry, around, page);
  page.attach(session);
  guardSignOut(journal, account, texts);
}

const form = document.querySelector<HTMLFormElement>('form#editor');
// What cannot be enhanced is reported, and works as a form.
if (form !== null) enhance(form).catch((error: unknown) => reportError(error));
