import { Injectable } from '@nestjs/common';
import { Counter, InjectMetric, makeCounterProvider } from '../platform/metrics/instruments.js';

const DELIVERIES = 'webhook_deliveries_total';
const RESULTS = ['delivered', 'failed', 'dead', 'gone'] as const;

export const deliveryCounter = makeCounterProvider({
  name: DELIVERIES,
  help: 'Webhook delivery attempts by result: delivered, failed (tried again later), dead (given up), gone (410).',
  labelNames: ['result'],
});

@Injectable()
export class WebhookMetrics {
  constructor(@InjectMetric(DELIVERIES) private readonly deliveries: Counter) {
    // An alert cannot see the increase of a series that starts with its first dead letter.
    for (const result of RESULTS) deliveries.inc({ result }, 0);
  }

  count(result: (typeof RESULTS)[number]): void {
    this.deliveries.inc({ result });
  }
}
