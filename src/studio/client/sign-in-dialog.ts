import { make, makeButton } from './dom.js';
import type { Texts } from './texts.js';

interface Person {
  readonly id: number;
  readonly username: string;
}

/** Asks for the password over the editor, when the session has ended. */
export class SignInDialog {
  private readonly dialog = make('dialog', { class: 'dialog', 'aria-labelledby': 'sign-in-title' });
  private readonly password: HTMLInputElement;
  private readonly error = make('p', { class: 'error', role: 'alert' });

  constructor(
    private readonly person: Person,
    private readonly texts: Texts,
    private readonly signedIn: () => void,
  ) {
    this.password = make('input', {
      id: 'sign-in-password',
      type: 'password',
      autocomplete: 'current-password',
      required: '',
    });
    const form = make(
      'form',
      { method: 'dialog' },
      make('h2', { id: 'sign-in-title' }, texts.signedOutTitle),
      make('p', {}, texts.signedOutText(person.username)),
      make(
        'div',
        { class: 'field' },
        make('label', { for: 'sign-in-password' }, texts.password),
        this.password,
      ),
      this.error,
      make(
        'div',
        { class: 'actions' },
        make('button', { class: 'button primary' }, texts.signInAgain),
        makeButton(texts.later, 'quiet', () => this.dialog.close()),
      ),
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.submit();
    });
    this.dialog.append(form);
    document.body.append(this.dialog);
  }

  open(): void {
    if (this.dialog.open) return;
    this.error.textContent = '';
    this.dialog.showModal();
    this.password.focus();
  }

  private async submit(): Promise<void> {
    const { id, username } = this.person;
    const body = JSON.stringify({ username, password: this.password.value, expected_user_id: id });
    const headers = { 'content-type': 'application/json' };
    const status = await fetch('/studio/api/session', { method: 'POST', headers, body }).then(
      (response) => response.status,
      () => 0,
    );
    if (status === 204) {
      this.password.value = '';
      this.dialog.close();
      this.signedIn();
      return;
    }
    const { wrongPassword, otherAccount, tooMany, noServer } = this.texts;
    this.error.textContent = { 401: wrongPassword, 409: otherAccount, 429: tooMany }[status] ?? noServer;
    this.password.select();
  }
}
