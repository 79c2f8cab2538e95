import { Module } from '@nestjs/common';
import { IdempotencyModule } from '../platform/idempotency/idempotency.module.js';
import { DeliveriesController } from './deliveries.controller.js';
import { DeliveryLog } from './delivery-log.service.js';
import { WebhookSecrets } from './webhook-secrets.js';
import { WebhookUrls } from './webhook-urls.js';
import { WebhooksController } from './webhooks.controller.js';
import { WebhooksService } from './webhooks.service.js';

/** The routes of webhooks. WebhookDeliveryModule sends the events. */
@Module({
  imports: [IdempotencyModule],
  controllers: [WebhooksController, DeliveriesController],
  providers: [WebhooksService, WebhookSecrets, WebhookUrls, DeliveryLog],
  exports: [WebhooksService, DeliveryLog],
})
export class WebhooksModule {}
