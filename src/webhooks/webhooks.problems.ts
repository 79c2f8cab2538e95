import { Problem } from '../platform/errors/problem.js';

export class WebhookNotFound extends Problem {
  constructor(id: number) {
    super({
      status: 404,
      code: 'webhook.not_found',
      title: 'There is no such webhook',
      detail: `No webhook has the id ${id}.`,
    });
  }
}

export class DeliveryNotFound extends Problem {
  constructor(id: number) {
    super({
      status: 404,
      code: 'webhook.delivery_not_found',
      title: 'There is no such delivery',
      detail: `This webhook has no delivery with the id ${id}, or not any more.`,
    });
  }
}

export class DeliveryPending extends Problem {
  constructor(id: number) {
    super({
      status: 409,
      code: 'webhook.delivery_pending',
      title: 'The delivery has not ended',
      detail: `Delivery ${id} is still being tried: only one that was delivered or given up can be sent anew.`,
    });
  }
}

export class TooManyWebhooks extends Problem {
  constructor(max: number) {
    super({
      status: 409,
      code: 'webhook.too_many',
      title: 'There are too many webhooks',
      detail: `There may be ${max} webhooks. Delete one that is not needed any more.`,
    });
  }
}
