import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { IdempotentRequests, keyed } from '../platform/idempotency/idempotent-requests.js';
import type { Outcome } from '../platform/responses/answer.js';
import { DeliveryNotFound, DeliveryPending } from './webhooks.problems.js';
import type { Delivery, DeliveryListQuery } from './webhooks.schemas.js';
import { type WebhookRequest, WebhooksService } from './webhooks.service.js';

export {
  type Delivery,
  type DeliveryListQuery,
  deliveryListQuerySchema,
  type DeliveryReference,
  deliveryReferenceSchema,
} from './webhooks.schemas.js';

const COLUMNS = `id::float AS id, event_id, type, state, attempts, created_at, last_attempt_at,
  CASE state WHEN 'pending' THEN due_at END AS next_attempt_at, finished_at, last_status, last_error,
  body::json AS payload`;

const LIST = `
  SELECT ${COLUMNS} FROM webhook_deliveries
  WHERE webhook_id = $1 AND ($2::text IS NULL OR state = $2) AND ($3::bigint IS NULL OR id < $3)
  ORDER BY id DESC LIMIT $4`;

const REPLAY = `
  UPDATE webhook_deliveries
  SET state = 'pending', attempts = 0, due_at = now(), first_attempt_at = NULL, finished_at = NULL
  WHERE webhook_id = $1 AND id = $2 AND state <> 'pending' RETURNING ${COLUMNS}`;

const FIND = 'SELECT FROM webhook_deliveries WHERE webhook_id = $1 AND id = $2';

type Times = 'created_at' | 'last_attempt_at' | 'next_attempt_at' | 'finished_at';
type DeliveryRow = Omit<Delivery, Times> & { readonly created_at: Date } & Readonly<
    Record<Exclude<Times, 'created_at'>, Date | null>
  >;

const answerOf = (row: DeliveryRow): Delivery => ({
  ...row,
  created_at: row.created_at.toISOString(),
  last_attempt_at: row.last_attempt_at?.toISOString() ?? null,
  next_attempt_at: row.next_attempt_at?.toISOString() ?? null,
  finished_at: row.finished_at?.toISOString() ?? null,
});

/** Deliveries as administrators see them. */
@Injectable()
export class DeliveryLog {
  constructor(
    private readonly pool: Pool,
    private readonly webhooks: WebhooksService,
    private readonly requests: IdempotentRequests,
  ) {}

  /** @throws WebhookNotFound */
  async list(webhookId: number, { state, before, limit }: DeliveryListQuery): Promise<Delivery[]> {
    await this.webhooks.get(webhookId);
    const { rows } = await this.pool.query<DeliveryRow>(LIST, [webhookId, state, before, limit]);
    return rows.map(answerOf);
  }

  /** @throws WebhookNotFound, DeliveryNotFound 404, DeliveryPending 409 */
  async replay(
    webhookId: number,
    id: number,
    { by, idempotencyKey }: WebhookRequest,
  ): Promise<Outcome<Delivery>> {
    await this.webhooks.get(webhookId);
    const content = ['POST webhooks replay', webhookId, id];
    return this.requests.once(keyed<Delivery>(idempotencyKey, { holder: by, content }), async (tx) => {
      const { rows } = await tx.query<DeliveryRow>(REPLAY, [webhookId, id]);
      if (rows[0] !== undefined) return answerOf(rows[0]);
      const found = await tx.query(FIND, [webhookId, id]);
      throw found.rowCount === 0 ? new DeliveryNotFound(id) : new DeliveryPending(id);
    });
  }
}
