import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ByCookie, CurrentPrincipal, RequiresRole } from '../../platform/access/access.js';
import type { Principal } from '../../platform/access/principal.js';
import type { FormBody } from '../../platform/server/form-body.js';
import { DeliveryLog, deliveryListQuerySchema } from '../../webhooks/delivery-log.service.js';
import {
  newWebhookSchema,
  webhookChangesSchema,
  type WebhookReference,
  webhookReferenceSchema,
  WebhooksService,
} from '../../webhooks/webhooks.service.js';
import { answerForm, goOn, orShowAgain, parseForm, valueOf } from '../form.js';
import { CurrentVisit, type Visit } from '../visit.js';
import { typedWebhook } from './webhook-fields.js';
import { webhookPage } from './webhook-page.js';
import { secretPage, webhooksPage } from './webhooks-page.js';

const PAGE = '/studio/webhooks';

/** Webhooks, for administrators. */
@ByCookie()
@RequiresRole('admin')
@Controller('studio/webhooks')
export class StudioWebhooksController {
  constructor(
    private readonly webhooks: WebhooksService,
    private readonly log: DeliveryLog,
  ) {}

  @Get()
  async list(@CurrentVisit() visit: Visit): Promise<string> {
    return webhooksPage(visit, await this.webhooks.list());
  }

  /** Answers with the secret itself, which no other page shows. */
  @Post()
  create(
    @CurrentVisit() visit: Visit,
    @CurrentPrincipal() by: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() form: FormBody = {},
  ): Promise<string> {
    const typed = typedWebhook(form);
    const idempotencyKey = valueOf(form, 'key') || undefined;
    return orShowAgain(
      { reply, visit },
      async () => {
        const webhook = parseForm(newWebhookSchema, typed);
        const { value } = await this.webhooks.create(webhook, { by, idempotencyKey });
        return secretPage(visit, value);
      },
      async (errors) => webhooksPage(visit, await this.webhooks.list(), typed, errors),
    );
  }

  @Get(':id')
  async show(
    @CurrentVisit() visit: Visit,
    @Param({ schema: webhookReferenceSchema }) { id }: WebhookReference,
    @Query() { state, before }: FormBody,
  ): Promise<string> {
    const query = parseForm(deliveryListQuerySchema, {
      ...(state === undefined ? {} : { state }),
      ...(before === undefined ? {} : { before }),
    });
    return webhookPage(visit, await this.read(id, query));
  }

  @Post(':id')
  change(
    @CurrentVisit() visit: Visit,
    @Param({ schema: webhookReferenceSchema }) { id }: WebhookReference,
    @CurrentPrincipal() by: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() form: FormBody = {},
  ): Promise<string> {
    const typed = typedWebhook(form);
    return answerForm(
      { reply, visit },
      async () => {
        await this.webhooks.change(id, parseForm(webhookChangesSchema, typed), { by });
        return `${PAGE}/${id}?done=saved`;
      },
      async (errors) => webhookPage(visit, { ...(await this.read(id)), typed, errors }),
    );
  }

  @Post(':id/enable')
  enable(
    @Param({ schema: webhookReferenceSchema }) { id }: WebhookReference,
    @CurrentPrincipal() by: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    return this.setEnabled(true, { id, by, reply });
  }

  @Post(':id/disable')
  disable(
    @Param({ schema: webhookReferenceSchema }) { id }: WebhookReference,
    @CurrentPrincipal() by: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    return this.setEnabled(false, { id, by, reply });
  }

  private async setEnabled(
    enabled: boolean,
    { id, by, reply }: { readonly id: number; readonly by: Principal; readonly reply: FastifyReply },
  ): Promise<string> {
    await this.webhooks.change(id, { enabled }, { by });
    return goOn(reply, `${PAGE}/${id}?done=saved`);
  }

  @Post(':id/delete')
  async remove(
    @Param({ schema: webhookReferenceSchema }) { id }: WebhookReference,
    @CurrentPrincipal() by: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    await this.webhooks.remove(id, { by });
    return goOn(reply, `${PAGE}?done=webhook-deleted`);
  }

  private async read(id: number, query = parseForm(deliveryListQuerySchema, {})) {
    const [webhook, deliveries] = await Promise.all([this.webhooks.get(id), this.log.list(id, query)]);
    return { webhook, deliveries, query };
  }
}
