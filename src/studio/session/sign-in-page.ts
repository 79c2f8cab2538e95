import { html } from '../../platform/markup/html.js';
import { button, hiddenField, notice, pageHead, textField } from '../components.js';
import { type FormErrors, NO_ERRORS } from '../form.js';
import { studioPage } from '../page.js';
import { commonTexts } from '../texts/common.js';
import { accountTexts } from '../texts/account.js';
import { sessionTexts } from '../texts/session.js';
import { setupTexts } from '../texts/setup.js';
import { textsOf, type Visit } from '../visit.js';

/**
 * @param form what was typed before, and where to go afterwards
 * @param form.isNew true until there is an administrator
 * @param form.canSignUp true if everybody may
 */
export function signInPage(
  visit: Visit,
  form: {
    readonly next: string;
    readonly username?: string;
    readonly isNew: boolean;
    readonly canSignUp: boolean;
  },
  errors: FormErrors = NO_ERRORS,
): string {
  const common = textsOf(visit, commonTexts);
  const texts = textsOf(visit, sessionTexts);
  return studioPage(
    { ...visit, principal: undefined },
    { title: texts.title, isNarrow: true },
    html`${pageHead(texts.title)}
      <p class="lead">${texts.lead}</p>
      ${form.isNew && notice(textsOf(visit, setupTexts).howToGetIn, 'caution')}
      ${errors.summary !== '' && notice(errors.summary, 'bad')}
      <form method="post" action="/studio/sign-in">
        ${hiddenField('next', form.next)}
        ${textField({
          name: 'username',
          label: common.username,
          value: form.username ?? '',
          required: true,
          autocomplete: 'username',
          maxLength: 100,
          error: errors.fields['username'],
        })}
        ${textField({
          name: 'password',
          label: common.password,
          type: 'password',
          required: true,
          autocomplete: 'current-password',
          error: errors.fields['password'],
        })}
        ${button(common.signIn, { look: 'primary', wide: true })}
      </form>
      ${form.canSignUp && html`<p class="hint"><a href="/studio/sign-up">${textsOf(visit, accountTexts).signUp}</a></p>`}`,
  );
}
