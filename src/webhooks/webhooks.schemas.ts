import { z } from 'zod';
import { MAX_ID, timeSchema } from '../platform/openapi/api-values.js';
import { WEBHOOK_EVENTS } from './webhook-events.js';

const MAX_URL_LENGTH = 2_048;
const MAX_DESCRIPTION_LENGTH = 200;
const MIN_KEY_BYTES = 24;
const MAX_KEY_BYTES = 64;
const DEFAULT_LIMIT = 20;
export const MAX_LISTED = 100;
export const MAX_WEBHOOKS = 50;

const DELIVERY_STATES = ['pending', 'delivered', 'dead'] as const;

const isWebhookUrl = (text: string): boolean => {
  const url = URL.parse(text);
  // Another rule already refuses text that is not a URL.
  return url === null || (url.username === '' && url.password === '' && url.hash === '');
};

const urlSchema = z
  .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
  .max(MAX_URL_LENGTH)
  .refine(isWebhookUrl, 'must have neither credentials nor a fragment')
  .meta({
    description: 'An https URL (outside of production also http) on the public Internet.',
    examples: ['https://example.org/hooks/inkwell'],
  });

const eventsSchema = z
  .array(z.enum(WEBHOOK_EVENTS))
  .min(1)
  .max(WEBHOOK_EVENTS.length)
  .refine((events) => new Set(events).size === events.length, 'must name no event twice');

const PAYLOAD = {
  id: 'evt_3f0e2a52-6f0c-4e8e-9d0b-0f3c8d1e2a77',
  type: 'user.registered',
  created_at: '2026-01-31T09:30:00.000Z',
  data: { user: { id: 7, username: 'ada' } },
};

const SECRET_FORM = {
  maxLength: 94,
  pattern: '^whsec_[A-Za-z0-9+/]{32,86}={0,2}$',
  examples: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
};

const isSecret = (text: string): boolean => {
  const base64 = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text)?.[1];
  if (base64 === undefined) return false;
  const key = Buffer.from(base64, 'base64');
  return key.toString('base64') === base64 && key.length >= MIN_KEY_BYTES && key.length <= MAX_KEY_BYTES;
};

const secretSchema = z
  .string()
  .refine(isSecret, `must be "whsec_" and ${MIN_KEY_BYTES} to ${MAX_KEY_BYTES} bytes in base64`)
  .meta({ ...SECRET_FORM, description: 'Default: a generated secret.' });

const descriptionSchema = z
  .string()
  .trim()
  .max(MAX_DESCRIPTION_LENGTH)
  .meta({ examples: ['Search index'] });
const webhookIdSchema = z
  .int()
  .positive()
  .max(MAX_ID)
  .meta({ examples: [3] });

export const newWebhookSchema = z
  .strictObject({
    url: urlSchema,
    events: eventsSchema,
    description: descriptionSchema.default(''),
    secret: secretSchema.optional(),
  })
  .meta({ id: 'NewWebhook' });

export const webhookChangesSchema = z
  .strictObject({
    url: urlSchema,
    events: eventsSchema,
    description: descriptionSchema,
    enabled: z.boolean().meta({ description: 'While a webhook is disabled, its pending deliveries wait.' }),
  })
  .partial()
  .meta({
    id: 'WebhookChanges',
    description: 'Omitted members stay unchanged.',
    examples: [{ events: ['post.published', 'post.removed'], enabled: true }],
  });

export const webhookSchema = z
  .object({
    id: webhookIdSchema,
    url: z.url().meta({ maxLength: MAX_URL_LENGTH, examples: ['https://example.org/hooks/inkwell'] }),
    events: z.array(z.enum(WEBHOOK_EVENTS)).max(WEBHOOK_EVENTS.length),
    description: descriptionSchema,
    enabled: z.boolean(),
    disabled_reason: z
      .string()
      .meta({ maxLength: 200, examples: ['The receiver answered 410 Gone'] })
      .nullable()
      .meta({ description: 'Why the webhook was disabled, if not on request.', examples: [null] }),
    created_at: timeSchema,
  })
  .meta({ id: 'Webhook' });

export const createdWebhookSchema = webhookSchema
  .extend({
    secret: z.string().meta({ ...SECRET_FORM, description: 'Signs deliveries. Shown only once.' }),
  })
  .meta({ id: 'CreatedWebhook' });

export const deliverySchema = z
  .object({
    id: z
      .int()
      .positive()
      .meta({ examples: [41] }),
    event_id: z.string().meta({
      description: 'Id of the event, which is the same in each attempt: webhook-id.',
      maxLength: 40,
      pattern: '^evt_[0-9a-f-]{36}$',
      examples: ['evt_3f0e2a52-6f0c-4e8e-9d0b-0f3c8d1e2a77'],
    }),
    type: z.enum(WEBHOOK_EVENTS),
    state: z.enum(DELIVERY_STATES).meta({ description: '`dead`: given up, a dead letter.' }),
    attempts: z
      .int()
      .min(0)
      .max(MAX_ID)
      .meta({ examples: [1] }),
    created_at: timeSchema,
    last_attempt_at: timeSchema.nullable(),
    next_attempt_at: timeSchema.nullable().meta({
      description: 'The time of the next attempt; `null` if the delivery has ended.',
      examples: [null],
    }),
    finished_at: timeSchema.nullable(),
    last_status: z
      .int()
      .min(100)
      .max(999)
      .nullable()
      .meta({ description: 'HTTP status of the answer to the last attempt.', examples: [204] }),
    last_error: z
      .string()
      .meta({ maxLength: 1_000 })
      .nullable()
      .meta({ description: 'Why the last attempt failed.', examples: [null] }),
    payload: z
      .looseObject({})
      .meta({ description: 'The body that is sent.', maxProperties: 10, examples: [PAYLOAD] }),
  })
  .meta({ id: 'WebhookDelivery' });

const isNumber = (max: number) => (text: string) => /^[1-9]\d{0,15}$/.test(text) && Number(text) <= max;
const idSchema = (max: number, description: string) =>
  z
    .string()
    .refine(isNumber(max), 'must be a whole number')
    .transform(Number)
    // The API document would otherwise show a string.
    .meta({ type: 'integer', minimum: 1, maximum: max, description, examples: [3] });

/** `:id` in a path. */
export const webhookReferenceSchema = z.strictObject({ id: idSchema(MAX_ID, 'Id of the webhook.') });
export const deliveryReferenceSchema = z.strictObject({
  id: idSchema(MAX_ID, 'Id of the webhook.'),
  delivery: idSchema(Number.MAX_SAFE_INTEGER, 'Id of the delivery.'),
});

export const deadLetterQuerySchema = z.strictObject({
  limit: z
    .string()
    .refine(isNumber(MAX_LISTED), 'must be a number from 1 to 100')
    .transform(Number)
    .default(DEFAULT_LIMIT)
    .meta({
      type: 'integer',
      minimum: 1,
      maximum: MAX_LISTED,
      description: `Deliveries per page. Default: ${DEFAULT_LIMIT}.`,
    }),
  before: idSchema(Number.MAX_SAFE_INTEGER, 'Id of a delivery. Lists only older ones.').optional(),
});
export const deliveryListQuerySchema = deadLetterQuerySchema.extend({
  state: z.enum(DELIVERY_STATES).optional().meta({ description: 'Lists only deliveries in this state.' }),
});

export type NewWebhook = z.output<typeof newWebhookSchema>;
export type WebhookChanges = z.output<typeof webhookChangesSchema>;
export type WebhookAnswer = z.output<typeof webhookSchema>;
export type CreatedWebhook = z.output<typeof createdWebhookSchema>;
export type Delivery = z.output<typeof deliverySchema>;
export type WebhookReference = z.output<typeof webhookReferenceSchema>;
export type DeliveryReference = z.output<typeof deliveryReferenceSchema>;
export type DeadLetterQuery = z.output<typeof deadLetterQuerySchema>;
export type DeliveryListQuery = z.output<typeof deliveryListQuerySchema>;
