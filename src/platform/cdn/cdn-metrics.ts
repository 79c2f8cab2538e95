import { Injectable } from '@nestjs/common';
import { Counter, InjectMetric, makeCounterProvider } from '../metrics/instruments.js';

const PURGES = 'cdn_purges_total';
const RESULTS = ['purged', 'limited', 'failed'] as const;

export const purgeCounter = makeCounterProvider({
  name: PURGES,
  help: 'Calls to the CDN by result: purged, limited (asked too often), failed. Those that failed are made again.',
  labelNames: ['result'],
});

@Injectable()
export class CdnMetrics {
  constructor(@InjectMetric(PURGES) private readonly purges: Counter) {
    // A series that begins with its first failure has no increase that an alert could see.
    for (const result of RESULTS) purges.inc({ result }, 0);
  }

  count(result: (typeof RESULTS)[number]): void {
    this.purges.inc({ result });
  }
}
