import { Injectable } from '@nestjs/common';
import { Counter, InjectMetric, makeCounterProvider } from '../platform/metrics/instruments.js';

const DELIVERIES = 'webhook_deliveries_total';

export const deliveryCounter = makeCounterProvider({
  name: DELIVERIES,
  help: 'Attempts to deliver to webhooks by result: delivered, failed (tried again later), dead (given up), gone (410).',
  labelNames: ['result'],
});

@Injectable()
export class WebhookMetrics {
  constructor(@InjectMetric(DELIVERIES) private readonly deliveries: Counter) {}

  count(result: 'delivered' | 'failed' | 'dead' | 'gone'): void {
    this.deliveries.inc({ result });
  }
}
