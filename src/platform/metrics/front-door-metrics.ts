import { Injectable } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Counter, Histogram } from 'prom-client';
import { CachedRoutes } from '../cache/cached-routes.js';
import { type DoorCounts, DURATION_BUCKETS_SECONDS } from '../cache/route-tally.js';
import { addSamples, type Sample } from './add-samples.js';

const METHODS = ['GET', 'HEAD'] as const;
const DURATION = 'http_request_duration_seconds';

/** Counts what the front door answered among the requests, so that one metric says it all. */
@Injectable()
export class FrontDoorMetrics {
  constructor(
    private readonly routes: CachedRoutes,
    @InjectMetric('http_requests_total') requests: Counter,
    @InjectMetric('http_request_duration_seconds') durations: Histogram,
  ) {
    addSamples(requests, () => this.samples(requestSamples));
    addSamples(durations, () => this.samples(durationSamples));
  }

  private samples(of: (method: string, route: string, counts: DoorCounts) => Sample[]): Sample[] {
    return [...this.routes.all()].flatMap(({ tally }) =>
      METHODS.filter((method) => tally[method].full + tally[method].notModified > 0).flatMap((method) =>
        of(method, tally.template, tally[method]),
      ),
    );
  }
}

const requestSamples = (method: string, route: string, { full, notModified }: DoorCounts): Sample[] => [
  { labels: { method, route, status: '200' }, value: full },
  { labels: { method, route, status: '304' }, value: notModified },
];

function durationSamples(method: string, route: string, counts: DoorCounts): Sample[] {
  const labels = { method, route };
  const samples: Sample[] = [];
  let cumulative = 0;
  for (const [index, le] of DURATION_BUCKETS_SECONDS.entries()) {
    cumulative += counts.buckets[index]!;
    samples.push({ metricName: `${DURATION}_bucket`, labels: { le, ...labels }, value: cumulative });
  }
  const total = counts.full + counts.notModified;
  return [
    ...samples,
    { metricName: `${DURATION}_bucket`, labels: { le: '+Inf', ...labels }, value: total },
    { metricName: `${DURATION}_sum`, labels, value: counts.seconds },
    { metricName: `${DURATION}_count`, labels, value: total },
  ];
}
