import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { Transaction } from '../platform/outbox/transaction-runner.js';
import { OutboxDispatcher } from '../platform/outbox/outbox-dispatcher.js';
import type { OutboxEvent, WorkListener } from '../platform/outbox/work-listener.js';
import { type Message, messagesOf, SENT_EVENTS } from './webhook-events.js';
import { WebhookDeliverer } from './webhook-deliverer.service.js';

/** Locks the webhooks against deletion while their deliveries are inserted. */
const HOLD = 'SELECT FROM webhooks WHERE disabled_at IS NULL FOR KEY SHARE';

/** Skips events from before the webhook was created. */
const ENQUEUE = `
  INSERT INTO webhook_deliveries (webhook_id, event_id, type, subject, body, created_at)
  SELECT w.id, m.event_id, m.type, m.subject, m.body, m.created_at
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[])
    WITH ORDINALITY AS m (event_id, type, subject, body, created_at, position)
  JOIN webhooks AS w ON w.disabled_at IS NULL AND m.type = ANY (w.events) AND m.created_at >= w.created_at
  ORDER BY m.position, w.id`;

/** Limits the memory of one statement after a large import. */
const MESSAGES_PER_STATEMENT = 1_000;

/** Creates one delivery per event and webhook. */
@Injectable()
export class EnqueueWebhooksWhenChanged implements WorkListener {
  readonly name = 'webhooks';
  readonly events = SENT_EVENTS;

  constructor(
    dispatcher: OutboxDispatcher,
    private readonly deliverer: WebhookDeliverer,
  ) {
    dispatcher.register(this);
  }

  async take(tx: Transaction, events: readonly OutboxEvent[]): Promise<void> {
    const { rowCount } = await tx.query(HOLD);
    if (rowCount === 0) return;
    const rows = events.flatMap((event) =>
      messagesOf(event).map((message) => rowOf(message, event.createdAt)),
    );
    for (let start = 0; start < rows.length; start += MESSAGES_PER_STATEMENT)
      await tx.query(ENQUEUE, columnsOf(rows.slice(start, start + MESSAGES_PER_STATEMENT)));
  }

  onTaken(): void {
    this.deliverer.wake();
  }
}

type MessageRow = [eventId: string, type: string, subject: string, body: string, createdAt: Date];

function rowOf({ type, subject, data }: Message, createdAt: Date): MessageRow {
  // Stored with the deliveries in the transaction that takes the event, so that it is the same in every attempt and for
  // every webhook.
  const id = `evt_${randomUUID()}`;
  const body = JSON.stringify({ id, type, created_at: createdAt.toISOString(), data });
  return [id, type, subject, body, createdAt];
}

const columnsOf = (rows: readonly MessageRow[]): unknown[][] =>
  [0, 1, 2, 3, 4].map((column) => rows.map((row) => row[column]));
