import { Controller, Get, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { RequiresRole } from '../platform/access/access.js';
import { AnswersWith } from '../platform/answers/answers-with.js';
import { DeliveryLog } from './delivery-log.queries.js';
import {
  type DeadLetterQuery,
  deadLetterQuerySchema,
  type Delivery,
  type DeliveryListQuery,
  deliveryListQuerySchema,
  type DeliveryReference,
  deliveryReferenceSchema,
  deliverySchema,
  type WebhookReference,
  webhookReferenceSchema,
} from './webhooks.schemas.js';

@Controller('api/webhooks/:id')
@RequiresRole('admin')
export class DeliveriesController {
  constructor(private readonly log: DeliveryLog) {}

  /** What was sent to a webhook, or is going to be, newest first. */
  @Get('deliveries')
  @AnswersWith(200, z.array(deliverySchema))
  list(
    @Param({ schema: webhookReferenceSchema }) { id }: WebhookReference,
    @Query({ schema: deliveryListQuerySchema }) query: DeliveryListQuery,
  ): Promise<Delivery[]> {
    return this.log.list(id, query);
  }

  /** What was given up, newest first: `deliveries?state=dead`. */
  @Get('dead-letters')
  @AnswersWith(200, z.array(deliverySchema))
  listDead(
    @Param({ schema: webhookReferenceSchema }) { id }: WebhookReference,
    @Query({ schema: deadLetterQuerySchema }) query: DeadLetterQuery,
  ): Promise<Delivery[]> {
    return this.log.list(id, { ...query, state: 'dead' });
  }

  /** Sends anew what was given up, or delivered, with the same event id; attempts are counted from the start. */
  @Post('deliveries/:delivery/replay')
  @AnswersWith(202, deliverySchema)
  replay(@Param({ schema: deliveryReferenceSchema }) { id, delivery }: DeliveryReference): Promise<Delivery> {
    return this.log.replay(id, delivery);
  }
}
