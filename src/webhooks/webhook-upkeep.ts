import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Logger } from '@nestjs/common';
import { Pool } from 'pg';
import { Housekeeping } from '../platform/database/housekeeping.js';
import { SecretUnreadable, WebhookSecrets } from './webhook-secrets.js';

const KEEP_DELIVERED = '3 days';
const KEEP_DEAD = '30 days';

/** Deletes old deliveries, and re-encrypts secrets with the current AUTH_SECRET. */
@Injectable()
export class WebhookUpkeep {
  private readonly logger = new Logger('Webhooks');

  constructor(
    private readonly pool: Pool,
    private readonly secrets: WebhookSecrets,
    housekeeping: Housekeeping,
    adapterHost: HttpAdapterHost,
  ) {
    housekeeping.register(
      'webhook deliveries',
      `DELETE FROM webhook_deliveries WHERE state <> 'pending' AND finished_at < now() -
         CASE state WHEN 'delivered' THEN interval '${KEEP_DELIVERED}' ELSE interval '${KEEP_DEAD}' END`,
    );
    adapterHost.listen$.subscribe(() => void this.renewSecrets().catch(() => undefined));
  }

  /** After this, an older AUTH_SECRET can be removed at the next start. */
  async renewSecrets(): Promise<void> {
    const { rows } = await this.pool.query<{ id: number; secret: string }>('SELECT id, secret FROM webhooks');
    for (const { id, secret } of rows.filter((row) => !this.secrets.isCurrent(row.secret))) {
      try {
        const renewed = this.secrets.encrypt(this.secrets.decrypt(secret));
        await this.pool.query('UPDATE webhooks SET secret = $3 WHERE id = $1 AND secret = $2', [
          id,
          secret,
          renewed,
        ]);
      } catch (error) {
        if (!(error instanceof SecretUnreadable)) throw error;
        this.logger.error(`Webhook ${id}: ${error.message}. Delete the webhook and create it again.`);
      }
    }
  }
}
