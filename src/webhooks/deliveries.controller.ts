import { Controller, Get, Headers, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { CurrentPrincipal, RequiresRole } from '../platform/access/access.js';
import type { Principal } from '../platform/access/principal.js';
import { AnswersWith } from '../platform/openapi/documents.js';
import type { Outcome } from '../platform/responses/answer.js';
import { DeliveryLog } from './delivery-log.service.js';
import {
  type DeadLetterQuery,
  deadLetterQuerySchema,
  type Delivery,
  type DeliveryListQuery,
  deliveryListQuerySchema,
  type DeliveryReference,
  deliveryReferenceSchema,
  deliverySchema,
  MAX_LISTED,
  type WebhookReference,
  webhookReferenceSchema,
} from './webhooks.schemas.js';

@Controller('api/webhooks/:id')
@RequiresRole('admin')
export class DeliveriesController {
  constructor(private readonly log: DeliveryLog) {}

  /** Past and pending deliveries of a webhook, newest first. */
  @Get('deliveries')
  @AnswersWith(200, z.array(deliverySchema).max(MAX_LISTED))
  list(
    @Param({ schema: webhookReferenceSchema }) { id }: WebhookReference,
    @Query({ schema: deliveryListQuerySchema }) query: DeliveryListQuery,
  ): Promise<Delivery[]> {
    return this.log.list(id, query);
  }

  /** Deliveries that were given up, newest first: the same as `deliveries?state=dead`. */
  @Get('dead-letters')
  @AnswersWith(200, z.array(deliverySchema).max(MAX_LISTED))
  listDead(
    @Param({ schema: webhookReferenceSchema }) { id }: WebhookReference,
    @Query({ schema: deadLetterQuerySchema }) query: DeadLetterQuery,
  ): Promise<Delivery[]> {
    return this.log.list(id, { ...query, state: 'dead' });
  }

  /** Sends a finished delivery again, with the same event id. Attempts are counted from the start. */
  @Post('deliveries/:delivery/replay')
  @AnswersWith(202, deliverySchema)
  replay(
    @Param({ schema: deliveryReferenceSchema }) { id, delivery }: DeliveryReference,
    @CurrentPrincipal() by: Principal,
    @Headers('idempotency-key') idempotencyKey?: string,
  ): Promise<Outcome<Delivery>> {
    return this.log.replay(id, delivery, { by, idempotencyKey });
  }
}
