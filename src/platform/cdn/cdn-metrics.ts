import { Injectable } from '@nestjs/common';
import { Counter, InjectMetric, makeCounterProvider } from '../metrics/instruments.js';

const PURGES = 'cdn_purges_total';

export const purgeCounter = makeCounterProvider({
  name: PURGES,
  help: 'Calls to the CDN by result: purged, limited (asked too often), failed. Those that failed are made again.',
  labelNames: ['result'],
});

@Injectable()
export class CdnMetrics {
  constructor(@InjectMetric(PURGES) private readonly purges: Counter) {}

  count(result: 'purged' | 'limited' | 'failed'): void {
    this.purges.inc({ result });
  }
}
