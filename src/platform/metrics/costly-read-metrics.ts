import { Injectable } from '@nestjs/common';
import { Counter, register } from 'prom-client';
import { CostlyReads } from '../database/costly-reads.js';
import { addSamples } from './add-samples.js';
import { registerObservedGauge } from './observed-gauge.js';

const REFUSED = 'db_costly_reads_refused_total';

/** The load of searches and deep pages. */
@Injectable()
export class CostlyReadMetrics {
  constructor(reads: CostlyReads) {
    registerObservedGauge({
      name: 'db_costly_reads',
      help: 'Searches and deep pages that are running, or waiting for a slot.',
      label: 'state',
      read: () => ({ running: reads.running, waiting: reads.waiting }),
    });
    register.removeSingleMetric(REFUSED);
    const help =
      'Searches and deep pages answered with 503, because no slot was free or PostgreSQL took too long.';
    addSamples(new Counter({ name: REFUSED, help, labelNames: ['reason'] }), () =>
      Object.entries(reads.refusals).map(([reason, value]) => ({ labels: { reason }, value })),
    );
  }
}
