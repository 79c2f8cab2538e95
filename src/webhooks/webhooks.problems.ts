import { Problem } from '../platform/errors/problem.js';

export class WebhookNotFound extends Problem {
  constructor(id: number) {
    super({
      code: 'webhook.not_found',
      detail: `No webhook has the id ${id}.`,
    });
  }
}

export class DeliveryNotFound extends Problem {
  constructor(id: number) {
    super({
      code: 'webhook.delivery_not_found',
      detail: `This webhook has no delivery with the id ${id}, or no longer has it.`,
    });
  }
}

export class DeliveryPending extends Problem {
  constructor(id: number) {
    super({
      code: 'webhook.delivery_pending',
      detail: `Delivery ${id} is still being attempted. Only a delivery that succeeded or was given up can be sent again.`,
    });
  }
}

export class TooManyWebhooks extends Problem {
  constructor(max: number) {
    super({
      code: 'webhook.too_many',
      detail: `There may be ${max} webhooks. Delete one that you no longer need.`,
    });
  }
}
