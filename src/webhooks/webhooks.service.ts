import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import {
  type IdempotentRequest,
  IdempotentRequests,
  keyed,
} from '../platform/idempotency/idempotent-requests.js';
import type { Outcome } from '../platform/responses/answer.js';
import { newSecret, WebhookSecrets } from './webhook-secrets.js';
import { WebhookUrls } from './webhook-urls.js';
import { TooManyWebhooks, WebhookNotFound } from './webhooks.problems.js';
import {
  type CreatedWebhook,
  MAX_WEBHOOKS,
  type NewWebhook,
  type WebhookAnswer,
  type WebhookChanges,
} from './webhooks.schemas.js';

const COLUMNS = `id, url, events, description, disabled_at IS NULL AS enabled, disabled_reason, created_at`;
const INSERT = `
  INSERT INTO webhooks (url, events, description, secret) VALUES ($1, $2, $3, $4) RETURNING ${COLUMNS}`;
const UPDATE = `
  UPDATE webhooks SET url = coalesce($2, url), events = coalesce($3, events),
    description = coalesce($4, description),
    disabled_at = CASE $5::boolean WHEN true THEN NULL WHEN false THEN coalesce(disabled_at, now()) ELSE disabled_at END,
    disabled_reason = CASE $5::boolean WHEN true THEN NULL ELSE disabled_reason END
  WHERE id = $1 RETURNING ${COLUMNS}`;

export {
  type CreatedWebhook,
  newWebhookSchema,
  type WebhookAnswer,
  webhookChangesSchema,
  type WebhookReference,
  webhookReferenceSchema,
} from './webhooks.schemas.js';
export { WEBHOOK_EVENTS } from './webhook-events.js';

type WebhookRow = Omit<WebhookAnswer, 'created_at'> & { readonly created_at: Date };

const answerOf = ({ created_at: createdAt, ...row }: WebhookRow): WebhookAnswer => ({
  ...row,
  created_at: createdAt.toISOString(),
});

/** The user and the Idempotency-Key of a request. */
export interface WebhookRequest {
  readonly by: { readonly userId: number };
  readonly idempotencyKey?: string | undefined;
}

const idempotentRequest = <T>(
  { by, idempotencyKey }: WebhookRequest,
  content: unknown,
  how: Pick<IdempotentRequest<T>, 'hasSecret' | 'storedForm'> = {},
): IdempotentRequest<T> | undefined => keyed(idempotencyKey, { holder: by, content, ...how });

/** Manages webhooks. */
@Injectable()
export class WebhooksService {
  constructor(
    private readonly pool: Pool,
    private readonly requests: IdempotentRequests,
    private readonly secrets: WebhookSecrets,
    private readonly urls: WebhookUrls,
  ) {}

  /**
   * Creates a webhook, which receives events committed from now on.
   * @throws ValidationFailed 400 for the URL, TooManyWebhooks 409
   */
  async create(webhook: NewWebhook, request: WebhookRequest): Promise<Outcome<CreatedWebhook>> {
    const { url, events, description, secret = newSecret() } = webhook;
    this.urls.check(url);
    const content = ['POST webhooks', webhook];
    const storedForm = {
      encode: (created: CreatedWebhook) => ({ ...created, secret: this.secrets.encrypt(created.secret) }),
      decode: (kept: CreatedWebhook) => ({ ...kept, secret: this.secrets.decrypt(kept.secret) }),
    };
    return this.requests.once(
      idempotentRequest(request, content, { hasSecret: true, storedForm }),
      async (tx) => {
        // Concurrent requests are counted one after the other.
        await tx.query('LOCK TABLE webhooks IN SHARE ROW EXCLUSIVE MODE');
        const { rows: counts } = await tx.query<{ count: number }>('SELECT count(*)::int FROM webhooks');
        if (counts[0]!.count >= MAX_WEBHOOKS) throw new TooManyWebhooks(MAX_WEBHOOKS);
        const { rows } = await tx.query<WebhookRow>(INSERT, [
          url,
          events,
          description,
          this.secrets.encrypt(secret),
        ]);
        return { ...answerOf(rows[0]!), secret };
      },
    );
  }

  async list(): Promise<WebhookAnswer[]> {
    const { rows } = await this.pool.query<WebhookRow>(`SELECT ${COLUMNS} FROM webhooks ORDER BY id`);
    return rows.map(answerOf);
  }

  /** @throws WebhookNotFound */
  async get(id: number): Promise<WebhookAnswer> {
    const { rows } = await this.pool.query<WebhookRow>(`SELECT ${COLUMNS} FROM webhooks WHERE id = $1`, [id]);
    if (rows[0] === undefined) throw new WebhookNotFound(id);
    return answerOf(rows[0]);
  }

  /** @throws WebhookNotFound, ValidationFailed for the URL */
  async change(
    id: number,
    changes: WebhookChanges,
    request: WebhookRequest,
  ): Promise<Outcome<WebhookAnswer>> {
    const { url, events, description, enabled } = changes;
    if (url !== undefined) this.urls.check(url);
    return this.requests.once(
      idempotentRequest<WebhookAnswer>(request, ['PATCH webhooks', id, changes]),
      async (tx) => {
        const { rows } = await tx.query<WebhookRow>(UPDATE, [id, url, events, description, enabled]);
        if (rows[0] === undefined) throw new WebhookNotFound(id);
        return answerOf(rows[0]);
      },
    );
  }

  /** Also deletes its pending deliveries. @throws WebhookNotFound */
  async remove(id: number, request: WebhookRequest): Promise<Outcome<void>> {
    return this.requests.once(idempotentRequest<void>(request, ['DELETE webhooks', id]), async (tx) => {
      const { rowCount } = await tx.query('DELETE FROM webhooks WHERE id = $1', [id]);
      if (rowCount === 0) throw new WebhookNotFound(id);
    });
  }
}
