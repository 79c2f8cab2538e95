import { Global, Module } from '@nestjs/common';
import { Counter, InjectMetric } from '../metrics/instruments.js';
import { registerObservedGauge } from '../metrics/observed-gauge.js';
import { CUT_CONNECTIONS, REFUSED_REQUESTS, serverInstruments } from './admission-metrics.js';
import { ConnectionLimits } from './connection-limits.js';
import { PipelinedRequests } from './pipelined-requests.js';
import { RequestAdmission } from './request-admission.js';
import { SharedAddresses } from './shared-addresses.js';
import { UnreadAnswers } from './unread-answers.js';

/** Limits the number of connections and of the requests on them. */
@Global()
@Module({
  providers: [
    ...serverInstruments,
    SharedAddresses,
    ConnectionLimits,
    PipelinedRequests,
    RequestAdmission,
    UnreadAnswers,
  ],
  exports: [ConnectionLimits, RequestAdmission, UnreadAnswers],
})
export class AdmissionModule {
  constructor(
    connections: ConnectionLimits,
    admission: RequestAdmission,
    @InjectMetric(REFUSED_REQUESTS) refused: Counter,
    @InjectMetric(CUT_CONNECTIONS) cut: Counter,
  ) {
    // Creates the series at the start, so that even the first refusal is an increase.
    for (const reason of ['busy', 'address']) refused.inc({ reason }, 0);
    for (const reason of ['address', 'total', 'unread', 'pipelined']) cut.inc({ reason }, 0);
    registerObservedGauge({
      name: 'http_connections',
      help: 'Open connections.',
      read: () => ({ '': connections.open }),
    });
    registerObservedGauge({
      name: 'http_requests_in_flight',
      help: 'Requests in flight, not counting hits in memory.',
      read: () => ({ '': admission.inFlight }),
    });
  }
}
