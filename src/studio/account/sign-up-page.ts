import { html } from '../../platform/markup/html.js';
import { button, notice, pageHead, textField } from '../components.js';
import { type FormErrors, NO_ERRORS } from '../form.js';
import { studioPage } from '../page.js';
import { accountTexts } from '../texts/account.js';
import { commonTexts } from '../texts/common.js';
import { textsOf, type Visit } from '../visit.js';

/** Creates an account, while registration is open. @param form what was typed before */
export function signUpPage(
  visit: Visit,
  form: { readonly username: string; readonly email: string },
  { summary, fields }: FormErrors = NO_ERRORS,
): string {
  const common = textsOf(visit, commonTexts);
  const texts = textsOf(visit, accountTexts);
  return studioPage(
    { ...visit, principal: undefined },
    { title: texts.signUp, isNarrow: true },
    html`${pageHead(texts.signUp)}
      <p class="lead">${texts.signUpLead}</p>
      ${summary !== '' && notice(summary, 'bad')}
      <form method="post" action="/studio/sign-up">
        ${textField({
          name: 'username',
          label: common.username,
          hint: texts.usernameHint,
          value: form.username,
          required: true,
          maxLength: 30,
          autocomplete: 'username',
          error: fields['username'],
        })}
        ${textField({
          name: 'email',
          label: texts.email,
          hint: texts.emailHint,
          type: 'email',
          value: form.email,
          required: true,
          autocomplete: 'email',
          error: fields['email'],
        })}
        ${textField({
          name: 'password',
          label: common.password,
          type: 'password',
          required: true,
          autocomplete: 'new-password',
          error: fields['password'],
        })}
        ${button(texts.signUp, { look: 'primary', wide: true })}
      </form>
      <p class="hint"><a href="/studio/sign-in">${common.signIn}</a></p>`,
  );
}
