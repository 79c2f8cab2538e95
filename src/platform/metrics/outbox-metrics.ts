import { Injectable } from '@nestjs/common';
import { OutboxLag } from '../work/outbox-lag.js';
import { registerObservedGauge } from './observed-gauge.js';

/** Whether the work that changes make is kept up with. */
@Injectable()
export class OutboxMetrics {
  constructor(lag: OutboxLag) {
    registerObservedGauge({
      name: 'outbox_lag_seconds',
      aggregator: 'max',
      help: 'Age of the oldest change that webhooks or the CDN have not taken, or of the oldest attempt that is overdue.',
      read: () => ({ '': lag.seconds }),
    });
  }
}
