import { randomUUID } from 'node:crypto';
import { html } from '../../platform/markup/html.js';
import { type CreatedWebhook, WEBHOOK_EVENTS, type WebhookAnswer } from '../../webhooks/webhooks.service.js';
import {
  badge,
  button,
  buttonLink,
  emptyState,
  hiddenField,
  notice,
  pageHead,
  table,
  textField,
} from '../components.js';
import { type FormErrors, NO_ERRORS } from '../form.js';
import { studioPage } from '../page.js';
import { webhooksTexts } from '../texts/webhooks.js';
import { textsOf, type Visit } from '../visit.js';
import { type TypedWebhook, webhookFields } from './webhook-fields.js';

const NEW: TypedWebhook = { url: '', description: '', events: WEBHOOK_EVENTS };

/** All webhooks, and a form for another one. @param typed what was typed into the form */
export function webhooksPage(
  visit: Visit,
  webhooks: readonly WebhookAnswer[],
  typed: TypedWebhook = NEW,
  errors: FormErrors = NO_ERRORS,
): string {
  const texts = textsOf(visit, webhooksTexts);
  const rows = webhooks.map(({ id, url, description, events, enabled }) => [
    [html`<a href="/studio/webhooks/${id}">${url}</a> `, description],
    events.join(', '),
    enabled ? badge(texts.enabled, 'good') : badge(texts.disabled, 'caution'),
  ]);
  return studioPage(
    visit,
    { title: texts.title, current: 'webhooks' },
    html`${pageHead(texts.title)}
      <p class="lead">${texts.lead}</p>
      ${rows.length === 0 ? emptyState(texts.none) : table(texts.title, [texts.url, texts.events, texts.state], rows)}
      <h2>${texts.create}</h2>
      ${errors.summary !== '' && notice(errors.summary, 'bad')}
      <form method="post" action="/studio/webhooks" class="card">
        ${hiddenField('key', randomUUID())} ${webhookFields(visit, typed, errors)}
        ${button(texts.createButton, { look: 'primary' })}
      </form>`,
  );
}

/** Shows the secret of a new webhook. Sent again, the form shows it again and makes no other webhook. */
export function secretPage(visit: Visit, { id, secret }: CreatedWebhook): string {
  const texts = textsOf(visit, webhooksTexts);
  return studioPage(
    visit,
    { title: texts.secretTitle, current: 'webhooks' },
    html`${pageHead(texts.secretTitle, buttonLink(`/studio/webhooks/${id}`, texts.toWebhook))}
      ${notice(texts.secretLead, 'caution')}
      ${textField({ name: 'secret', label: texts.secret, value: secret, readOnly: true })}`,
  );
}
