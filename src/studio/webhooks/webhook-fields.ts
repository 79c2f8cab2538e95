import { html, type Html } from '../../platform/markup/html.js';
import type { FormBody } from '../../platform/server/form-body.js';
import { WEBHOOK_EVENTS } from '../../webhooks/webhooks.service.js';
import { checkField, textField } from '../components.js';
import { type FormErrors, valueOf } from '../form.js';
import { webhooksTexts } from '../texts/webhooks.js';
import { textsOf, type Visit } from '../visit.js';

const MAX_URL_LENGTH = 2_048;
const MAX_DESCRIPTION_LENGTH = 200;

/** The fields of a webhook that an administrator sets. */
export interface TypedWebhook {
  readonly url: string;
  readonly description: string;
  readonly events: readonly string[];
}

/** Takes these fields of a form, and no others. */
export const typedWebhook = (form: FormBody): TypedWebhook & FormBody => ({
  url: valueOf(form, 'url'),
  description: valueOf(form, 'description'),
  events: [form['events'] ?? []].flat(),
});

export function webhookFields(visit: Visit, typed: TypedWebhook, errors: FormErrors): Html {
  const texts = textsOf(visit, webhooksTexts);
  return html`${textField({
    name: 'url',
    label: texts.url,
    hint: texts.urlHint,
    type: 'url',
    value: typed.url,
    required: true,
    maxLength: MAX_URL_LENGTH,
    error: errors.fields['url'],
  })}
  ${textField({
    name: 'description',
    label: texts.description,
    value: typed.description,
    maxLength: MAX_DESCRIPTION_LENGTH,
    error: errors.fields['description'],
  })}
    <fieldset>
      <legend>${texts.events}</legend>
      ${errors.fields['events'] !== undefined && html`<p class="error">${texts.eventsError}</p>`}
      ${WEBHOOK_EVENTS.map((event) =>
        checkField({ name: 'events', label: event, value: event, checked: typed.events.includes(event) }),
      )}
    </fieldset>`;
}
