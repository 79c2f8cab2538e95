import { html } from '../../platform/markup/html.js';
import { button, hiddenField, notice, pageHead, textField } from '../components.js';
import { type FormErrors, NO_ERRORS } from '../form.js';
import { studioPage } from '../page.js';
import { peopleTexts } from '../texts/people.js';
import { textsOf, type Visit } from '../visit.js';

/** Sets a new password with a link. It shows nothing of an account that the browser may be signed in to. */
export function resetPage(
  visit: Visit,
  { token, username }: { readonly token: string; readonly username: string },
  errors: FormErrors = NO_ERRORS,
): string {
  const texts = textsOf(visit, peopleTexts);
  return studioPage(
    { ...visit, principal: undefined },
    { title: texts.resetTitle, isNarrow: true },
    html`${pageHead(texts.resetTitle)}
      <p class="lead">${texts.resetFor(username)}</p>
      ${errors.summary !== '' && notice(errors.summary, 'bad')}
      <form method="post" action="/studio/reset">
        ${hiddenField('token', token)}
        <input type="text" name="username" value="${username}" autocomplete="username" readonly hidden />
        ${textField({
          name: 'password',
          label: texts.newPassword,
          hint: texts.newPasswordHint,
          type: 'password',
          required: true,
          autocomplete: 'new-password',
          error: errors.fields['password'],
        })}
        ${button(texts.setPassword, { look: 'primary', wide: true })}
      </form>`,
  );
}
