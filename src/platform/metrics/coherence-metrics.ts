import { Injectable } from '@nestjs/common';
import { Counter, Histogram, register } from 'prom-client';
import { Coherence } from '../coherence/coherence.js';
import { CoherenceTally } from '../outbox/acknowledgements.js';
import { addSamples } from './add-samples.js';
import { registerObservedGauge } from './observed-gauge.js';

/** From an acknowledgement on the same machine to a whole lease. */
const BUCKETS_SECONDS = [0.0005, 0.001, 0.002, 0.004, 0.008, 0.016, 0.05, 0.1, 0.2, 0.3, 0.4, 0.45, 0.5, 1];

/** How well the replicas keep up with each other. */
@Injectable()
export class CoherenceMetrics {
  constructor(coherence: Coherence, tally: CoherenceTally) {
    registerObservedGauge({
      name: 'coherence_lease_held',
      help: '1 while the caches may be used, 0 while every read goes to PostgreSQL.',
      aggregator: 'min',
      read: () => ({ '': coherence.isUsable ? 1 : 0 }),
    });
    registerObservedGauge({
      name: 'coherence_replicas',
      help: 'Replicas that held a lease when this process last renewed its own.',
      aggregator: 'max',
      read: () => ({ '': coherence.replicas }),
    });
    count(
      'coherence_lease_waits_total',
      'Writes that waited for a lease to run out.',
      () => tally.leaseWaits,
    );
    count(
      'coherence_lost_announcements_total',
      'Commits whose announcement failed. Replicas find them at their next lease renewal.',
      () => tally.lostAnnouncements,
    );
    this.observeWaits(tally);
  }

  private observeWaits(tally: CoherenceTally): void {
    const name = 'coherence_write_wait_seconds';
    register.removeSingleMetric(name);
    const help = 'Time from the reply to a COMMIT until no replica serves data from before it.';
    const waits = new Histogram({ name, help, buckets: BUCKETS_SECONDS });
    tally.observeWait = (seconds) => waits.observe(seconds);
  }
}

function count(name: string, help: string, read: () => number): void {
  register.removeSingleMetric(name);
  addSamples(new Counter({ name, help }), () => [{ labels: {}, value: read() }]);
}
