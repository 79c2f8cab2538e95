import { Module } from '@nestjs/common';
import { DeliveryQueue } from './delivery-queue.queries.js';
import { DeliverySender } from './delivery-sender.js';
import { DeliverySettlement } from './delivery-settlement.js';
import { EnqueueWebhooksWhenChanged } from './enqueue-webhooks-when-changed.listener.js';
import { WebhookDeliverer } from './webhook-deliverer.service.js';
import { deliveryCounter, WebhookMetrics } from './webhook-metrics.js';
import { WebhookSecrets } from './webhook-secrets.js';
import { WebhookUpkeep } from './webhook-upkeep.js';

/** Sends webhooks. It has no routes, and every process runs it, whatever its role. */
@Module({
  providers: [
    EnqueueWebhooksWhenChanged,
    WebhookDeliverer,
    DeliveryQueue,
    DeliverySender,
    DeliverySettlement,
    WebhookSecrets,
    WebhookUpkeep,
    deliveryCounter,
    WebhookMetrics,
  ],
})
export class WebhookDeliveryModule {}
