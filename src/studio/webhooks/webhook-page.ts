import { html, type Html } from '../../platform/markup/html.js';
import type { Delivery, DeliveryListQuery } from '../../webhooks/delivery-log.service.js';
import type { WebhookAnswer } from '../../webhooks/webhooks.service.js';
import {
  actionButton,
  badge,
  button,
  buttonLink,
  emptyState,
  notice,
  pageHead,
  table,
} from '../components.js';
import { type FormErrors, NO_ERRORS } from '../form.js';
import { studioPage } from '../page.js';
import { commonTexts } from '../texts/common.js';
import { webhooksTexts } from '../texts/webhooks.js';
import { textsOf, type Visit } from '../visit.js';
import { type TypedWebhook, webhookFields } from './webhook-fields.js';

const TONE = { pending: 'caution', delivered: 'good', dead: 'bad' } as const;

export interface WebhookPage {
  readonly webhook: WebhookAnswer;
  readonly deliveries: readonly Delivery[];
  readonly query: DeliveryListQuery;
  /** What was typed. */
  readonly typed?: TypedWebhook;
  readonly errors?: FormErrors;
}

const shortTime = (iso: string): string => iso.slice(0, 19).replace('T', ' ');

/** One webhook with its deliveries. */
export function webhookPage(visit: Visit, shown: WebhookPage): string {
  const { webhook, typed = webhook, errors = NO_ERRORS } = shown;
  const texts = textsOf(visit, webhooksTexts);
  const path = `/studio/webhooks/${webhook.id}`;
  const { enabled, disabled_reason: reason } = webhook;
  const toggle = enabled
    ? actionButton(`${path}/disable`, texts.disable)
    : actionButton(`${path}/enable`, texts.enable, 'primary');
  const whyDisabled = reason === null ? texts.disabledLead : texts.disabledBecause(reason);
  return studioPage(
    visit,
    { title: webhook.url, current: 'webhooks' },
    html`${pageHead(webhook.url, [toggle, buttonLink('/studio/webhooks', texts.back, 'quiet')])}
      ${errors.summary !== '' && notice(errors.summary, 'bad')} ${!enabled && notice(whyDisabled, 'caution')}
      <h2 id="deliveries">${texts.deliveries}</h2>
      ${deliveryList(visit, shown)}
      <form method="post" action="${path}" class="card">
        ${webhookFields(visit, typed, errors)} ${button(texts.save, { look: 'primary' })}
      </form>
      <section class="card">
        <h2>${texts.remove}</h2>
        <p class="hint">${texts.removeLead}</p>
        ${actionButton(`${path}/delete`, texts.remove, 'danger')}
      </section>`,
  );
}

function deliveryList(visit: Visit, { webhook, deliveries, query }: WebhookPage): Html {
  const [texts, common] = [textsOf(visit, webhooksTexts), textsOf(visit, commonTexts)];
  const path = `/studio/webhooks/${webhook.id}`;
  const filters = {
    '': texts.all,
    pending: texts.pending,
    delivered: texts.delivered,
    dead: texts.deadLetters,
  };
  const current = query.state ?? '';
  const last = deliveries.length === query.limit ? deliveries.at(-1) : undefined;
  const hrefOf = (state: string, more: Record<string, string> = {}): string =>
    `${path}?${new URLSearchParams({ ...(state === '' ? {} : { state }), ...more }).toString()}`;
  return html`<p class="actions">
      ${Object.entries(filters).map(([state, label]) => buttonLink(hrefOf(state), label, state === current ? undefined : 'quiet'))}
    </p>
    ${
      deliveries.length === 0
        ? emptyState(texts.noDeliveries)
        : table(
            texts.deliveries,
            [texts.event, texts.state, texts.attempts, texts.result, texts.time, texts.action],
            deliveries.map((delivery) => row(visit, path, delivery)),
          )
    }
    ${last !== undefined && html`<p class="actions">${buttonLink(hrefOf(current, { before: String(last.id) }), common.older)}</p>`}`;
}

function row(visit: Visit, path: string, delivery: Delivery) {
  const texts = textsOf(visit, webhooksTexts);
  const { id, type, state, attempts, last_status: status, last_error: error } = delivery;
  const { created_at: createdAt, next_attempt_at: nextAt } = delivery;
  return [
    html`<code>${type}</code>`,
    badge(texts.states(state), TONE[state]),
    attempts,
    [status, status !== null && error !== null && ' · ', error],
    [shortTime(createdAt), nextAt !== null && html`<br />${texts.nextAttempt(shortTime(nextAt))}`],
    state !== 'pending' && actionButton(`${path}/deliveries/${id}/replay`, texts.replay, 'quiet'),
  ];
}
