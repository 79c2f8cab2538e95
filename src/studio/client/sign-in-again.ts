import type { StudioApi } from './api.js';
import { ask, element } from './dialog.js';
import type { ClientTexts } from './texts.js';

/** Asks for the password over the editor, so that the text stays where it is. @returns false: not now */
export async function signInAgain(api: StudioApi, texts: ClientTexts, userId: number): Promise<boolean> {
  const name = element('input', { autocomplete: 'username', required: true });
  const password = element('input', { type: 'password', autocomplete: 'current-password', required: true });
  let hint = '';
  for (;;) {
    const fields = [
      element('p', { role: 'alert' }, hint),
      element('label', {}, texts.username, name),
      element('label', {}, texts.password, password),
    ];
    if ((await ask(texts.signIn, fields, [['in', texts.signIn]])) !== 'in') return false;
    const body = JSON.stringify({ username: name.value, password: password.value, expected_user_id: userId });
    const answer = await api.send({ method: 'POST', path: '/session', body }).catch(() => null);
    if (answer?.status === 204) return true;
    password.value = '';
    hint = answer?.status === 409 ? texts.otherAccount : texts.signInFailed;
  }
}
