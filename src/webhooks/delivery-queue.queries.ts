import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { OutboxLag } from '../platform/work/outbox-lag.js';

/** Longer than an attempt may take; who stops in the middle loses the delivery to another process after it. */
const LEASE = '15 seconds';
/** At once to one webhook, from all processes. */
const MAX_PER_WEBHOOK = 8;

/** A delivery that nobody else sends as long as its lease lasts. */
export interface LeasedDelivery {
  readonly id: string;
  readonly lease: string;
  readonly webhookId: number;
  readonly url: string;
  /** Encrypted. */
  readonly secret: string;
  readonly eventId: string;
  readonly body: string;
  /** This one included. */
  readonly attempts: number;
  /** Since the first attempt. */
  readonly ageSeconds: number;
}

interface Overdue {
  /** Since it could have been sent. */
  readonly overdueSeconds: number;
}

/** What the log says of an attempt. */
export interface AttemptOutcome {
  readonly status?: number | undefined;
  readonly error?: string | undefined;
}

/**
 * Of each webhook those that are due, not being sent, and not preceded by one of the same subject. The one that another
 * process is leasing at this moment is passed over.
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

/** Only by who still has the lease: after it was lost, what another process found out counts. */
const settle = (change: string): string =>
  `UPDATE webhook_deliveries SET lease = NULL, leased_until = NULL, ${change} WHERE id = $1 AND lease = $2`;

const RESULT = 'last_status = $3, last_error = $4';
const FINISH = settle(`state = $5, finished_at = now(), ${RESULT}`);
const RETRY = settle(`due_at = now() + make_interval(secs => $5), ${RESULT}`);
const RETURN = settle(`due_at = now() + make_interval(secs => $3), attempts = attempts - 1`);

/** The webhook is asked for nothing more: what waits for it will not go out by itself. */
const DISABLE = `
  WITH disabled AS (
    UPDATE webhooks SET disabled_at = now(), disabled_reason = $2 WHERE id = $1 AND disabled_at IS NULL RETURNING id)
  UPDATE webhook_deliveries AS d SET state = 'dead', finished_at = now(), last_error = $2, lease = NULL, leased_until = NULL
  FROM disabled WHERE d.webhook_id = disabled.id AND d.state = 'pending'`;

/** The deliveries that are to be sent, each by one process at a time. */
@Injectable()
export class DeliveryQueue {
  constructor(
    private readonly pool: Pool,
    private readonly lag: OutboxLag,
  ) {}

  /** @returns at most `max` that are due, for this process alone */
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

  /** Nothing was sent: it was no attempt. */
  async giveBack(delivery: LeasedDelivery, delaySeconds: number): Promise<void> {
    await this.pool.query(RETURN, [...keyOf(delivery), delaySeconds]);
  }

  async disable(webhookId: number, reason: string): Promise<void> {
    await this.pool.query(DISABLE, [webhookId, reason]);
  }
}

const keyOf = ({ id, lease }: LeasedDelivery): [string, string] => [id, lease];
