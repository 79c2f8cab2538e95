import { Injectable } from '@nestjs/common';
import { OutboxLag } from '../outbox/outbox-lag.js';
import { registerObservedGauge } from './observed-gauge.js';

/** How far the work that changes create is behind. */
@Injectable()
export class OutboxMetrics {
  constructor(lag: OutboxLag) {
    registerObservedGauge({
      name: 'outbox_lag_seconds',
      aggregator: 'max',
      help: 'Age of the oldest change not yet taken by webhooks or the CDN, or of the oldest overdue attempt.',
      read: () => ({ '': lag.seconds }),
    });
  }
}
