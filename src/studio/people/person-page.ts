import { html, type Html } from '../../platform/markup/html.js';
import type { Person } from '../../users/people.service.js';
import { actionButton, button, buttonLink, notice, pageHead, selectField, textField } from '../components.js';
import { type FormErrors, NO_ERRORS } from '../form.js';
import { studioPage } from '../page.js';
import { peopleTexts } from '../texts/people.js';
import { textsOf, type Visit } from '../visit.js';

export interface PersonPage {
  readonly person: Person;
  /** How many sessions are open. */
  readonly sessions: number;
}

/** One account, and what an administrator can do about it. */
export function personPage(
  visit: Visit,
  { person, sessions }: PersonPage,
  errors: FormErrors = NO_ERRORS,
): string {
  const texts = textsOf(visit, peopleTexts);
  const { id, username, display_name: name, email, role } = person;
  const path = `/studio/people/${id}`;
  const { reader, author, admin } = texts;
  return studioPage(
    visit,
    { title: username, current: 'people' },
    html`${pageHead(username, buttonLink('/studio/people', texts.back, 'quiet'))}
      ${errors.summary !== '' && notice(errors.summary, 'bad')}
      <p class="lead"><span dir="auto">${name}</span> ${email ?? ''}</p>
      <form method="post" action="${path}/role" class="card">
        ${selectField({ name: 'role', label: texts.role, hint: texts.roleHint, value: role, options: { reader, author, admin } })}
        ${button(texts.changeRole, { look: 'primary' })}
      </form>
      <section class="card">
        <h2>${texts.access}</h2>
        <p>${texts.sessions(sessions)}</p>
        ${actionButton(`${path}/sign-out`, texts.signOutEverywhere)}
        <p class="hint">${texts.resetLead}</p>
        ${actionButton(`${path}/reset-link`, texts.makeLink)}
      </section>
      ${removalForm(visit, person, errors)}`,
  );
}

function removalForm(visit: Visit, { id }: Person, errors: FormErrors): Html {
  const texts = textsOf(visit, peopleTexts);
  return html`<form method="post" action="/studio/people/${id}/delete" class="card">
        <h2>${texts.remove}</h2>
        <p class="hint">${texts.removeLead}</p>
        ${textField({
          name: 'current_password',
          label: texts.ownPassword,
          type: 'password',
          required: true,
          autocomplete: 'current-password',
          error: errors.fields['current_password'],
        })}
        ${button(texts.remove, { look: 'danger' })}
      </form>`;
}

/** Asks again for the password of whoever deletes an account. */
export function removalPage(visit: Visit, person: Person, errors: FormErrors): string {
  const { id, username } = person;
  return studioPage(
    visit,
    { title: username, current: 'people' },
    html`${pageHead(username, buttonLink(`/studio/people/${id}`, username, 'quiet'))}
      ${notice(errors.summary, 'bad')} ${removalForm(visit, person, errors)}`,
  );
}

/** Shows a link to set a password, once. */
export function resetLinkPage(visit: Visit, { id, username }: Person, link: string): string {
  const texts = textsOf(visit, peopleTexts);
  return studioPage(
    visit,
    { title: texts.linkTitle(username), current: 'people' },
    html`${pageHead(texts.linkTitle(username), buttonLink(`/studio/people/${id}`, username, 'quiet'))}
      ${notice(texts.linkLead, 'caution')}
      ${textField({ name: 'link', label: texts.link, value: link, readOnly: true })}`,
  );
}
