import { Injectable } from '@nestjs/common';
import { Counter, register } from 'prom-client';
import { HttpPool } from '../http/http-pool.js';
import { addSamples, type Sample } from './add-samples.js';
import { registerObservedGauge } from './observed-gauge.js';

/** Outgoing calls and connections, which are counted as plain numbers. */
@Injectable()
export class HttpClientMetrics {
  constructor({ tally, sockets }: HttpPool) {
    count('http_client_requests_total', 'Requests sent to other servers.', ['host'], () =>
      [...tally.requests].map(([host, value]) => ({ labels: { host }, value })),
    );
    count('http_client_connections_created_total', 'Connections opened to other servers.', [], () => [
      { labels: {}, value: sockets.created },
    ]);
    registerObservedGauge({
      name: 'http_client_sockets',
      help: 'Open connections to other servers.',
      label: 'state',
      read: () => sockets.states,
    });
  }
}

function count(name: string, help: string, labelNames: string[], read: () => Sample[]): void {
  register.removeSingleMetric(name);
  addSamples(new Counter({ name, help, labelNames }), read);
}
