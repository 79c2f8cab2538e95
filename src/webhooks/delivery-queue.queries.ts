import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { OutboxLag } from '../platform/outbox/outbox-lag.js';

/** Longer than an attempt may take. After it, another process takes over the delivery of a process that stopped. */
const LEASE = '15 seconds';
/** Concurrent attempts to one webhook, from all processes together. */
const MAX_PER_WEBHOOK = 8;

/** A delivery that only this process may send while its lease lasts. */
export interface LeasedDelivery {
  readonly id: string;
  readonly lease: string;
  readonly webhookId: number;
  readonly url: string;
  /** Encrypted. */
  readonly secret: string;
  readonly eventId: string;
  readonly body: string;
  /** Includes this attempt. */
  readonly attempts: number;
  /** Seconds since the first attempt. */
  readonly ageSeconds: number;
}

interface Overdue {
  /** Seconds since the delivery was due. */
  readonly overdueSeconds: number;
}

/** The outcome of an attempt for the log. */
export interface AttemptOutcome {
  readonly status?: number | undefined;
  readonly error?: string | undefined;
}

/**
 * Claims the deliveries of each webhook that are due, not being sent, and not preceded by one about the same subject.
 * Skips a delivery that another process is claiming.
 */
const CLAIM = `
  WITH due AS (
    SELECT next.id FROM webhooks AS w CROSS JOIN LATERAL (
      SELECT d.id FROM webhook_deliveries AS d
      WHERE d.webhook_id = w.id AND d.state = 'pending' AND d.due_at <= now()
        AND (d.leased_until IS NULL OR d.leased_until < now())
        AND NOT EXISTS (
          SELECT FROM webhook_deliveries AS earlier
          WHERE earlier.webhook_id = d.webhook_id AND earlier.subject = d.subject
            AND earlier.state = 'pending' AND earlier.id < d.id)
      ORDER BY d.due_at, d.id
      LIMIT greatest(0, ${MAX_PER_WEBHOOK} - (
        SELECT count(*) FROM webhook_deliveries AS leased
        WHERE leased.webhook_id = w.id AND leased.lease IS NOT NULL AND leased.leased_until >= now()))
      FOR UPDATE SKIP LOCKED
    ) AS next
    WHERE w.disabled_at IS NULL
    LIMIT $1
  )
  UPDATE webhook_deliveries AS d
  SET lease = gen_random_uuid(), leased_until = now() + interval '${LEASE}', attempts = d.attempts + 1,
      first_attempt_at = coalesce(d.first_attempt_at, now()), last_attempt_at = now()
  FROM due, webhooks AS w WHERE d.id = due.id AND w.id = d.webhook_id
  RETURNING d.id::text AS id, d.lease, d.webhook_id AS "webhookId", w.url, w.secret, d.event_id AS "eventId", d.body,
    d.attempts, extract(epoch FROM now() - d.first_attempt_at)::float AS "ageSeconds",
    extract(epoch FROM now() - d.due_at)::float AS "overdueSeconds"`;

/**
 * Only the holder of the lease may settle a delivery. If the lease was lost, the result of the other process counts.
 */
const settle = (change: string): string =>
  `UPDATE webhook_deliveries SET lease = NULL, leased_until = NULL, ${change} WHERE id = $1 AND lease = $2`;

const RESULT = 'last_status = $3, last_error = $4';
const FINISH = settle(`state = $5, finished_at = now(), ${RESULT}`);
const RETRY = settle(`due_at = now() + make_interval(secs => $5), ${RESULT}`);
const RETURN = settle(`due_at = now() + make_interval(secs => $3), attempts = attempts - 1`);

/** Disables the webhook. Its waiting deliveries are no longer sent. */
const DISABLE = `
  WITH disabled AS (
    UPDATE webhooks SET disabled_at = now(), disabled_reason = $2 WHERE id = $1 AND disabled_at IS NULL RETURNING id)
  UPDATE webhook_deliveries AS d SET state = 'dead', finished_at = now(), last_error = $2, lease = NULL, leased_until = NULL
  FROM disabled WHERE d.webhook_id = disabled.id AND d.state = 'pending'`;

/** The deliveries to send. One process at a time sends each of them. */
@Injectable()
export class DeliveryQueue {
  constructor(
    private readonly pool: Pool,
    private readonly lag: OutboxLag,
  ) {}

  /** @returns at most `max` deliveries that are due, leased to this process */
  async claim(max: number): Promise<LeasedDelivery[]> {
    const { rows } = await this.pool.query<LeasedDelivery & Overdue>(CLAIM, [max]);
    this.lag.report('webhooks', Math.max(0, ...rows.map(({ overdueSeconds }) => overdueSeconds)));
    return rows;
  }

  async finish(
    delivery: LeasedDelivery,
    state: 'delivered' | 'dead',
    outcome: AttemptOutcome,
  ): Promise<void> {
    await this.pool.query(FINISH, [...keyOf(delivery), outcome.status, outcome.error, state]);
  }

  async retry(delivery: LeasedDelivery, delaySeconds: number, outcome: AttemptOutcome): Promise<void> {
    await this.pool.query(RETRY, [...keyOf(delivery), outcome.status, outcome.error, delaySeconds]);
  }

  /** Returns a delivery that was not sent, without counting an attempt. */
  async giveBack(delivery: LeasedDelivery, delaySeconds: number): Promise<void> {
    await this.pool.query(RETURN, [...keyOf(delivery), delaySeconds]);
  }

  async disable(webhookId: number, reason: string): Promise<void> {
    await this.pool.query(DISABLE, [webhookId, reason]);
  }
}

const keyOf = ({ id, lease }: LeasedDelivery): [string, string] => [id, lease];
