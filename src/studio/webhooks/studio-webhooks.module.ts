import { Module } from '@nestjs/common';
import { WebhooksModule } from '../../webhooks/webhooks.module.js';
import { StudioDeliveriesController } from './studio-deliveries.controller.js';
import { StudioWebhooksController } from './studio-webhooks.controller.js';

/** The pages of webhooks. */
@Module({ imports: [WebhooksModule], controllers: [StudioWebhooksController, StudioDeliveriesController] })
export class StudioWebhooksModule {}
