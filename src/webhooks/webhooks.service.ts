import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { TransactionRunner } from '../platform/database/transaction-runner.js';
import { newSecret, WebhookSecrets } from './webhook-secrets.js';
import { WebhookUrls } from './webhook-urls.js';
import { TooManyWebhooks, WebhookNotFound } from './webhooks.problems.js';
import type { CreatedWebhook, NewWebhook, WebhookAnswer, WebhookChanges } from './webhooks.schemas.js';

/** Each costs a row an event. */
const MAX_WEBHOOKS = 50;

const COLUMNS = `id, url, events, description, disabled_at IS NULL AS enabled, disabled_reason, created_at`;
const INSERT = `
  INSERT INTO webhooks (url, events, description, secret) VALUES ($1, $2, $3, $4) RETURNING ${COLUMNS}`;
const UPDATE = `
  UPDATE webhooks SET url = coalesce($2, url), events = coalesce($3, events),
    description = coalesce($4, description),
    disabled_at = CASE $5::boolean WHEN true THEN NULL WHEN false THEN coalesce(disabled_at, now()) ELSE disabled_at END,
    disabled_reason = CASE $5::boolean WHEN true THEN NULL ELSE disabled_reason END
  WHERE id = $1 RETURNING ${COLUMNS}`;

type WebhookRow = Omit<WebhookAnswer, 'created_at'> & { readonly created_at: Date };

const answerOf = ({ created_at: createdAt, ...row }: WebhookRow): WebhookAnswer => ({
  ...row,
  created_at: createdAt.toISOString(),
});

/** Who is told of what happens. */
@Injectable()
export class WebhooksService {
  constructor(
    private readonly pool: Pool,
    private readonly transactions: TransactionRunner,
    private readonly secrets: WebhookSecrets,
    private readonly urls: WebhookUrls,
  ) {}

  /** It is told of what is committed from now on. @throws ValidationFailed 400 on the URL, TooManyWebhooks 409 */
  async create({ url, events, description, secret = newSecret() }: NewWebhook): Promise<CreatedWebhook> {
    this.urls.check(url);
    return this.transactions.run(async (tx) => {
      // Two at the same moment are counted one after the other.
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
    });
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

  /** @throws WebhookNotFound, ValidationFailed on the URL */
  async change(id: number, { url, events, description, enabled }: WebhookChanges): Promise<WebhookAnswer> {
    if (url !== undefined) this.urls.check(url);
    const { rows } = await this.pool.query<WebhookRow>(UPDATE, [id, url, events, description, enabled]);
    if (rows[0] === undefined) throw new WebhookNotFound(id);
    return answerOf(rows[0]);
  }

  /** With everything that it has not been sent yet. @throws WebhookNotFound */
  async remove(id: number): Promise<void> {
    const { rowCount } = await this.pool.query('DELETE FROM webhooks WHERE id = $1', [id]);
    if (rowCount === 0) throw new WebhookNotFound(id);
  }
}
