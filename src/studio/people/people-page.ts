import { html } from '../../platform/markup/html.js';
import type { PeopleRequest, Person } from '../../users/people.service.js';
import { badge, button, buttonLink, emptyState, pageHead, table, textField } from '../components.js';
import { studioPage } from '../page.js';
import { commonTexts } from '../texts/common.js';
import { peopleTexts } from '../texts/people.js';
import { textsOf, type Visit } from '../visit.js';

const MAX_SEARCH_LENGTH = 100;

export interface PeoplePage {
  readonly request: PeopleRequest;
  readonly people: readonly Person[];
  /** The user name after which the next page starts. */
  readonly next: string | null;
}

const hrefOf = (parameters: Record<string, string>): string =>
  `/studio/people?${new URLSearchParams(parameters).toString()}`;

/** Accounts by user name. */
export function peoplePage(visit: Visit, { request: { q, after }, people, next }: PeoplePage): string {
  const [texts, common] = [textsOf(visit, peopleTexts), textsOf(visit, commonTexts)];
  const rows = people.map(({ id, username, display_name: name, email, role, has_password, created_at }) => [
    [
      html`<a href="/studio/people/${id}">${username}</a> `,
      name !== '' && html`<span dir="auto">${name}</span> `,
      id === visit.principal?.userId && badge(texts.you),
      !has_password && badge(texts.noPassword, 'caution'),
    ],
    email ?? '–',
    role === 'admin' ? badge(texts.admin, 'good') : texts[role],
    created_at.toISOString().slice(0, 10),
  ]);
  return studioPage(
    visit,
    { title: texts.title, current: 'people' },
    html`${pageHead(texts.title)}
      <form method="get" action="/studio/people" class="filters" role="search">
        ${textField({ name: 'q', label: texts.search, type: 'search', value: q, maxLength: MAX_SEARCH_LENGTH })}
        ${button(common.search)}
      </form>
      ${rows.length === 0 ? emptyState(texts.nobody) : table(texts.title, [texts.person, texts.email, texts.role, texts.since], rows)}
      <p class="actions">
        ${after !== '' && buttonLink(hrefOf({ q }), common.first, 'quiet')}
        ${next !== null && buttonLink(hrefOf({ q, after: next }), common.next)}
      </p>`,
  );
}
