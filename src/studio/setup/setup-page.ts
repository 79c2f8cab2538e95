import { html } from '../../platform/markup/html.js';
import { button, hiddenField, notice, pageHead, selectField, textField } from '../components.js';
import { type FormErrors, NO_ERRORS } from '../form.js';
import { studioPage } from '../page.js';
import { commonTexts } from '../texts/common.js';
import { setupTexts } from '../texts/setup.js';
import { textsOf, type Visit } from '../visit.js';

export interface SetupForm {
  /** Empty if the person has to type it. */
  readonly token: string;
  readonly title: string;
  readonly language: string;
  readonly username: string;
  readonly email: string;
}

/** Creates the first administrator and names the blog. */
export function setupPage(visit: Visit, form: SetupForm, errors: FormErrors = NO_ERRORS): string {
  const common = textsOf(visit, commonTexts);
  const texts = textsOf(visit, setupTexts);
  return studioPage(
    { ...visit, principal: undefined },
    { title: texts.title, isNarrow: true },
    html`${pageHead(texts.title)}
      <p class="lead">${texts.lead}</p>
      ${errors.summary !== '' && notice(errors.summary, 'bad')}
      <form method="post" action="/studio/setup">
        ${
          form.token === ''
            ? textField({
                name: 'token',
                label: texts.code,
                hint: texts.codeHint,
                required: true,
                autocomplete: 'off',
              })
            : hiddenField('token', form.token)
        }
        ${textField({ name: 'title', label: texts.blogTitle, value: form.title, required: true, maxLength: 100, error: errors.fields['title'] })}
        ${selectField({
          name: 'language',
          label: texts.blogLanguage,
          value: form.language,
          options: { en: 'English', ko: '한국어' },
          error: errors.fields['language'],
        })}
        ${textField({
          name: 'username',
          label: common.username,
          hint: texts.usernameHint,
          value: form.username,
          required: true,
          autocomplete: 'username',
          maxLength: 30,
          error: errors.fields['username'],
        })}
        ${textField({
          name: 'password',
          label: common.password,
          hint: texts.passwordHint,
          type: 'password',
          required: true,
          autocomplete: 'new-password',
          error: errors.fields['password'],
        })}
        ${textField({
          name: 'email',
          label: texts.email,
          hint: texts.emailHint,
          type: 'email',
          value: form.email,
          autocomplete: 'email',
          error: errors.fields['email'],
        })}
        ${button(texts.start, { look: 'primary', wide: true })}
      </form>`,
  );
}
