import { Injectable } from '@nestjs/common';
import { Counter, InjectMetric, makeCounterProvider } from '../metrics/instruments.js';

const PURGES = 'cdn_purges_total';
const RESULTS = ['purged', 'limited', 'failed'] as const;

export const purgeCounter = makeCounterProvider({
  name: PURGES,
  help: 'Calls to the CDN by result: purged, limited (rate limit of the CDN), failed. Failed calls are repeated.',
  labelNames: ['result'],
});

@Injectable()
export class CdnMetrics {
  constructor(@InjectMetric(PURGES) private readonly purges: Counter) {
    // An alert cannot see the increase of a series that starts with its first failure.
    for (const result of RESULTS) purges.inc({ result }, 0);
  }

  count(result: (typeof RESULTS)[number]): void {
    this.purges.inc({ result });
  }
}
