import { html, type Html } from '../../platform/markup/html.js';
import type { ListedSession } from '../../sessions/sessions.service.js';
import type { User } from '../../users/user.entity.js';
import {
  actionButton,
  badge,
  button,
  hiddenField,
  notice,
  pageHead,
  selectField,
  table,
  textArea,
  textField,
} from '../components.js';
import { type FormErrors, NO_ERRORS } from '../form.js';
import { studioPage } from '../page.js';
import { accountTexts } from '../texts/account.js';
import { commonTexts } from '../texts/common.js';
import { textsOf, type Visit } from '../visit.js';
import { deviceName } from './device-name.js';

export interface AccountPage {
  readonly user: Pick<User, 'displayName' | 'bio' | 'email'>;
  readonly sessions: readonly ListedSession[];
}

/** One's own account: profile, password, sessions, language, deletion. */
export function accountPage(visit: Visit, page: AccountPage, errors: FormErrors = NO_ERRORS): string {
  const texts = textsOf(visit, accountTexts);
  return studioPage(
    visit,
    { title: texts.title, current: 'account' },
    html`${pageHead(texts.title)} ${errors.summary !== '' && notice(errors.summary, 'bad')}
    ${profileForm(visit, page, errors)} ${passwordForm(visit, errors)} ${sessionList(visit, page)}
    ${languageForm(visit)} ${deletionForm(visit, errors)}`,
  );
}

function profileForm(visit: Visit, { user }: AccountPage, { fields }: FormErrors): Html {
  const texts = textsOf(visit, accountTexts);
  return html`<form method="post" action="/studio/account/profile" class="card">
    <h2>${texts.profile}</h2>
    ${textField({
      name: 'display_name',
      label: texts.displayName,
      hint: texts.displayNameHint,
      value: user.displayName,
      maxLength: 100,
      autocomplete: 'name',
      error: fields['display_name'],
    })}
    ${textArea({ name: 'bio', label: texts.bio, value: user.bio, rows: 3, maxLength: 2_000, error: fields['bio'] })}
    ${textField({
      name: 'email',
      label: texts.email,
      hint: texts.emailHint,
      type: 'email',
      value: user.email ?? '',
      autocomplete: 'email',
      error: fields['email'],
    })}
    ${button(textsOf(visit, commonTexts).save, { look: 'primary' })}
  </form>`;
}

function passwordForm(visit: Visit, { fields }: FormErrors): Html {
  const texts = textsOf(visit, accountTexts);
  return html`<form method="post" action="/studio/account/password" class="card">
    <h2>${texts.passwordTitle}</h2>
    ${hiddenField('username', visit.principal?.username ?? '')}
    ${textField({
      name: 'current_password',
      label: texts.currentPassword,
      type: 'password',
      required: true,
      autocomplete: 'current-password',
      error: fields['current_password'],
    })}
    ${textField({
      name: 'password',
      label: texts.newPassword,
      hint: texts.newPasswordHint,
      type: 'password',
      required: true,
      autocomplete: 'new-password',
      error: fields['password'],
    })}
    ${button(texts.changePassword, { look: 'primary' })}
  </form>`;
}

function sessionList(visit: Visit, { sessions }: AccountPage): Html {
  const texts = textsOf(visit, accountTexts);
  const format = new Intl.DateTimeFormat(visit.language, {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: 'UTC',
  });
  const time = (date: Date): Html =>
    html`<time datetime="${date.toISOString()}">${format.format(date)} UTC</time>`;
  const rows = sessions.map(({ id, user_agent: device, created_at: since, refreshed_at: used }) => [
    device === '' ? texts.unknownDevice : deviceName(device),
    time(since),
    time(used),
    id === visit.principal?.sessionId
      ? badge(texts.thisOne, 'good')
      : actionButton(`/studio/account/sessions/${id}/end`, texts.end, 'quiet'),
  ]);
  const columns = [texts.device, texts.since, texts.lastUsed, ''];
  return html`<section class="card">
    <h2>${texts.sessions}</h2>
    <p class="hint">${texts.sessionsHint}</p>
    ${table(texts.sessions, columns, rows)}
    ${sessions.length > 1 && actionButton('/studio/account/sessions/end-others', texts.endOthers)}
  </section>`;
}

function languageForm(visit: Visit): Html {
  const texts = textsOf(visit, accountTexts);
  return html`<form method="post" action="/studio/language" class="card">
    <h2>${texts.languageTitle}</h2>
    ${hiddenField('next', '/studio/account')}
    ${selectField({
      name: 'language',
      label: textsOf(visit, commonTexts).language,
      value: visit.language,
      options: { en: 'English', ko: '한국어' },
    })}
    ${button(texts.choose)}
  </form>`;
}

function deletionForm(visit: Visit, { fields }: FormErrors): Html {
  const texts = textsOf(visit, accountTexts);
  return html`<details class="card" ${fields['delete'] !== undefined && html`open`}>
    <summary>${texts.deleteTitle}</summary>
    <form method="post" action="/studio/account/delete">
      <p>${texts.deleteWarning}</p>
      ${textField({
        name: 'password_to_delete',
        label: texts.currentPassword,
        type: 'password',
        required: true,
        autocomplete: 'current-password',
        error: fields['password_to_delete'],
      })}
      ${button(texts.deleteIt, { look: 'danger' })}
    </form>
  </details>`;
}
