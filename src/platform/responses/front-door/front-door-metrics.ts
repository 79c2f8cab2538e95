import { Injectable } from '@nestjs/common';
import type { Sample } from '../../metrics/add-samples.js';
import { DURATION_BUCKETS_SECONDS, HttpMetrics } from '../../metrics/http-metrics.js';
import { FrontDoor } from './front-door.js';
import type { AnswerCounts } from './known-urls.js';

const METHODS = ['GET', 'HEAD'] as const;
const DURATION = 'http_request_duration_seconds';

/** Adds the front door's answers to the metrics of all requests. */
@Injectable()
export class FrontDoorMetrics {
  constructor(
    private readonly frontDoor: FrontDoor,
    metrics: HttpMetrics,
  ) {
    metrics.addSamples({
      requests: () => this.samples(requestSamples),
      durations: () => this.samples(durationSamples),
    });
  }

  private samples(of: (method: string, route: string, counts: AnswerCounts) => Sample[]): Sample[] {
    return [...this.frontDoor.routes].flatMap(({ answers, template }) =>
      METHODS.filter((method) => answers[method].byStatus.size > 0).flatMap((method) =>
        of(method, template, answers[method]),
      ),
    );
  }
}

const requestSamples = (method: string, route: string, { byStatus }: AnswerCounts): Sample[] =>
  [...byStatus].map(([status, value]) => ({ labels: { method, route, status: String(status) }, value }));

function durationSamples(method: string, route: string, counts: AnswerCounts): Sample[] {
  const labels = { method, route };
  const samples: Sample[] = [];
  let cumulative = 0;
  for (const [index, le] of DURATION_BUCKETS_SECONDS.entries()) {
    cumulative += counts.buckets[index]!;
    samples.push({ metricName: `${DURATION}_bucket`, labels: { le, ...labels }, value: cumulative });
  }
  const { total } = counts;
  return [
    ...samples,
    { metricName: `${DURATION}_bucket`, labels: { le: '+Inf', ...labels }, value: total },
    { metricName: `${DURATION}_sum`, labels, value: counts.seconds },
    { metricName: `${DURATION}_count`, labels, value: total },
  ];
}
