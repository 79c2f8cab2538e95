import { Body, Controller, Delete, Get, Headers, Param, Patch, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { CurrentPrincipal, RequiresRole } from '../platform/access/access.js';
import type { Principal } from '../platform/access/principal.js';
import { AnswersWith } from '../platform/openapi/documents.js';
import type { Outcome } from '../platform/responses/answer.js';
import {
  type CreatedWebhook,
  createdWebhookSchema,
  MAX_WEBHOOKS,
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

  /** Creates a webhook, which receives events from now on. The signing secret is shown only in this answer. */
  @Post()
  @AnswersWith(201, createdWebhookSchema)
  async create(
    @Body({ schema: newWebhookSchema }) webhook: NewWebhook,
    @CurrentPrincipal() by: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Headers('idempotency-key') idempotencyKey?: string,
  ): Promise<Outcome<CreatedWebhook>> {
    const created = await this.webhooks.create(webhook, { by, idempotencyKey });
    void reply.header('location', `/api/webhooks/${created.value.id}`);
    return created;
  }

  /** All webhooks, without their secrets. */
  @Get()
  @AnswersWith(200, z.array(webhookSchema).max(MAX_WEBHOOKS))
  list(): Promise<WebhookAnswer[]> {
    return this.webhooks.list();
  }

  /** One webhook, without its secret. */
  @Get(':id')
  @AnswersWith(200, webhookSchema)
  get(@Param({ schema: webhookReferenceSchema }) { id }: WebhookReference): Promise<WebhookAnswer> {
    return this.webhooks.get(id);
  }

  /** Changes the given members and leaves the others. Can enable a webhook that was disabled. */
  @Patch(':id')
  @AnswersWith(200, webhookSchema)
  change(
    @Param({ schema: webhookReferenceSchema }) { id }: WebhookReference,
    @Body({ schema: webhookChangesSchema }) changes: WebhookChanges,
    @CurrentPrincipal() by: Principal,
    @Headers('idempotency-key') idempotencyKey?: string,
  ): Promise<Outcome<WebhookAnswer>> {
    return this.webhooks.change(id, changes, { by, idempotencyKey });
  }

  /** Deletes a webhook and its deliveries. Pending deliveries are not sent. */
  @Delete(':id')
  @AnswersWith(204)
  remove(
    @Param({ schema: webhookReferenceSchema }) { id }: WebhookReference,
    @CurrentPrincipal() by: Principal,
    @Headers('idempotency-key') idempotencyKey?: string,
  ): Promise<Outcome<void>> {
    return this.webhooks.remove(id, { by, idempotencyKey });
  }
}
