import { Controller, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ByCookie, CurrentPrincipal, RequiresRole } from '../../platform/access/access.js';
import type { Principal } from '../../platform/access/principal.js';
import {
  DeliveryLog,
  type DeliveryReference,
  deliveryReferenceSchema,
} from '../../webhooks/delivery-log.service.js';
import { goOn } from '../form.js';

/** Sends deliveries again, for administrators. */
@ByCookie()
@RequiresRole('admin')
@Controller('studio/webhooks/:id/deliveries')
export class StudioDeliveriesController {
  constructor(private readonly log: DeliveryLog) {}

  @Post(':delivery/replay')
  async replay(
    @Param({ schema: deliveryReferenceSchema }) { id, delivery }: DeliveryReference,
    @CurrentPrincipal() by: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    await this.log.replay(id, delivery, { by });
    return goOn(reply, `/studio/webhooks/${id}?done=replayed`);
  }
}
