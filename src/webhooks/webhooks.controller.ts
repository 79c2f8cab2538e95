import { Body, Controller, Delete, Get, Param, Patch, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { RequiresRole } from '../platform/access/access.js';
import { AnswersWith } from '../platform/answers/answers-with.js';
import {
  type CreatedWebhook,
  createdWebhookSchema,
  type NewWebhook,
  newWebhookSchema,
  type WebhookAnswer,
  type WebhookChanges,
  webhookChangesSchema,
  type WebhookReference,
  webhookReferenceSchema,
  webhookSchema,
} from './webhooks.schemas.js';
import { WebhooksService } from './webhooks.service.js';

@Controller('api/webhooks')
@RequiresRole('admin')
export class WebhooksController {
  constructor(private readonly webhooks: WebhooksService) {}

  /** Tells a URL of events from now on. The secret that deliveries are signed with is shown this once. */
  @Post()
  @AnswersWith(201, createdWebhookSchema)
  async create(
    @Body({ schema: newWebhookSchema }) webhook: NewWebhook,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CreatedWebhook> {
    const created = await this.webhooks.create(webhook);
    void reply.header('location', `/api/webhooks/${created.id}`);
    return created;
  }

  /** All webhooks, without their secrets. */
  @Get()
  @AnswersWith(200, z.array(webhookSchema))
  list(): Promise<WebhookAnswer[]> {
    return this.webhooks.list();
  }

  /** One webhook, without its secret. */
  @Get(':id')
  @AnswersWith(200, webhookSchema)
  get(@Param({ schema: webhookReferenceSchema }) { id }: WebhookReference): Promise<WebhookAnswer> {
    return this.webhooks.get(id);
  }

  /** Changes what the body names and leaves the rest; enables one that was disabled. */
  @Patch(':id')
  @AnswersWith(200, webhookSchema)
  change(
    @Param({ schema: webhookReferenceSchema }) { id }: WebhookReference,
    @Body({ schema: webhookChangesSchema }) changes: WebhookChanges,
  ): Promise<WebhookAnswer> {
    return this.webhooks.change(id, changes);
  }

  /** Deletes a webhook with its deliveries; what it has not been sent yet is not sent. */
  @Delete(':id')
  @AnswersWith(204)
  async remove(@Param({ schema: webhookReferenceSchema }) { id }: WebhookReference): Promise<void> {
    await this.webhooks.remove(id);
  }
}
