import { z } from 'zod';
import { WEBHOOK_EVENTS } from './webhook-events.js';

const MAX_ID = 2_147_483_647;
const MAX_URL_LENGTH = 2_048;
const MAX_DESCRIPTION_LENGTH = 200;
const MIN_KEY_BYTES = 24;
const MAX_KEY_BYTES = 64;
const DEFAULT_LIMIT = 20;

const DELIVERY_STATES = ['pending', 'delivered', 'dead'] as const;

const timeSchema = z.iso.datetime().meta({ examples: ['2026-01-31T09:30:00.000Z'] });

const isWebhookUrl = (text: string): boolean => {
  const url = URL.parse(text);
  // What is no URL is refused already.
  return url === null || (url.username === '' && url.password === '' && url.hash === '');
};

const urlSchema = z
  .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
  .max(MAX_URL_LENGTH)
  .refine(isWebhookUrl, 'must have neither credentials nor a fragment')
  .meta({
    description: 'https (outside of production http too), and of the public Internet.',
    examples: ['https://example.org/hooks/inkwell'],
  });

const eventsSchema = z
  .array(z.enum(WEBHOOK_EVENTS))
  .min(1)
  .max(WEBHOOK_EVENTS.length)
  .refine((events) => new Set(events).size === events.length, 'must name no event twice');

const isSecret = (text: string): boolean => {
  const base64 = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text)?.[1];
  if (base64 === undefined) return false;
  const key = Buffer.from(base64, 'base64');
  return key.toString('base64') === base64 && key.length >= MIN_KEY_BYTES && key.length <= MAX_KEY_BYTES;
};

const secretSchema = z
  .string()
  .refine(isSecret, `must be "whsec_" and ${MIN_KEY_BYTES} to ${MAX_KEY_BYTES} bytes in base64`)
  .meta({ description: 'Made when it is left out.', examples: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'] });

const descriptionSchema = z.string().trim().max(MAX_DESCRIPTION_LENGTH);

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
    enabled: z.boolean().meta({ description: 'What a disabled webhook has not been sent yet waits.' }),
  })
  .partial()
  .meta({ id: 'WebhookChanges', description: 'What is left out stays as it is.' });

export const webhookSchema = z
  .object({
    id: z.int().positive(),
    url: z.url(),
    events: z.array(z.enum(WEBHOOK_EVENTS)),
    description: z.string(),
    enabled: z.boolean(),
    disabled_reason: z
      .string()
      .nullable()
      .meta({ description: 'Why it was disabled, when it was not asked for.' }),
    created_at: timeSchema,
  })
  .meta({ id: 'Webhook' });

export const createdWebhookSchema = webhookSchema
  .extend({ secret: z.string().meta({ description: 'What deliveries are signed with. Shown this once.' }) })
  .meta({ id: 'CreatedWebhook' });

export const deliverySchema = z
  .object({
    id: z.int().positive(),
    event_id: z.string().meta({ description: 'Of the event, the same in each attempt: webhook-id.' }),
    type: z.enum(WEBHOOK_EVENTS),
    state: z.enum(DELIVERY_STATES).meta({ description: '`dead`: given up, a dead letter.' }),
    attempts: z.int().min(0),
    created_at: timeSchema,
    last_attempt_at: timeSchema.nullable(),
    next_attempt_at: timeSchema
      .nullable()
      .meta({ description: 'Not before then; `null` when it has ended.' }),
    finished_at: timeSchema.nullable(),
    last_status: z
      .int()
      .nullable()
      .meta({ description: 'HTTP status that the last attempt was answered with.' }),
    last_error: z.string().nullable().meta({ description: 'Why the last attempt failed.' }),
    payload: z.looseObject({}).meta({ description: 'What is sent.' }),
  })
  .meta({ id: 'WebhookDelivery' });

const isNumber = (max: number) => (text: string) => /^[1-9]\d{0,15}$/.test(text) && Number(text) <= max;
const idSchema = (max: number) =>
  z.string().refine(isNumber(max), 'must be a whole number').transform(Number);

/** `:id` of a path. */
export const webhookReferenceSchema = z.strictObject({ id: idSchema(MAX_ID) });
export const deliveryReferenceSchema = z.strictObject({
  id: idSchema(MAX_ID),
  delivery: idSchema(Number.MAX_SAFE_INTEGER),
});

export const deadLetterQuerySchema = z.strictObject({
  limit: z
    .string()
    .refine(isNumber(100), 'must be a number from 1 to 100')
    .transform(Number)
    .default(DEFAULT_LIMIT),
  before: idSchema(Number.MAX_SAFE_INTEGER)
    .optional()
    .meta({ description: 'Id of a delivery: only older ones.' }),
});
export const deliveryListQuerySchema = deadLetterQuerySchema.extend({
  state: z.enum(DELIVERY_STATES).optional(),
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
