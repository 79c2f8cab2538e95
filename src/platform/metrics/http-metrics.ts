import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { InjectMetric, makeCounterProvider, makeHistogramProvider } from '@willsoto/nestjs-prometheus';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Counter, Histogram } from 'prom-client';
import { fastifyOf } from '../lifecycle/fastify-of.js';
import { addSamples, type Sample } from './add-samples.js';

/** Upper bounds in seconds of `http_request_duration_seconds`, from answers in memory to the deadline of a request. */
export const DURATION_BUCKETS_SECONDS = [
  0.0001, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
] as const;

const UNMATCHED = 'unmatched';

export const httpInstruments = [
  makeCounterProvider({
    name: 'http_requests_total',
    help: 'Requests answered, by method, route template and exact status code.',
    labelNames: ['method', 'route', 'status'],
  }),
  makeHistogramProvider({
    name: 'http_request_duration_seconds',
    help: 'Time from the arrival of a request to the end of its answer.',
    labelNames: ['method', 'route'],
    buckets: [...DURATION_BUCKETS_SECONDS],
  }),
];

/** Counts and times every answer of the router. Labels are bound once, not per request. */
@Injectable()
export class HttpMetrics implements OnModuleInit {
  private readonly count = new Map<string, () => void>();
  private readonly time = new Map<string, (seconds: number) => void>();

  constructor(
    private readonly adapterHost: HttpAdapterHost,
    @InjectMetric('http_requests_total') private readonly requests: Counter,
    @InjectMetric('http_request_duration_seconds') private readonly durations: Histogram,
  ) {}

  onModuleInit(): void {
    fastifyOf(this.adapterHost)?.addHook('onResponse', (request, reply, done) => {
      this.observe(request, reply);
      done();
    });
  }

  /** Adds answers that are counted elsewhere. Both functions are called at every scrape. */
  addSamples({ requests, durations }: Record<'requests' | 'durations', () => Sample[]>): void {
    addSamples(this.requests, requests);
    addSamples(this.durations, durations);
  }

  private observe({ method, routeOptions }: FastifyRequest, { statusCode, elapsedTime }: FastifyReply): void {
    const route = routeOptions.url ?? UNMATCHED;
    const status = String(statusCode);
    const key = `${method} ${route}`;
    bound(this.count, `${status} ${key}`, () => {
      const child = this.requests.labels(method, route, status);
      return () => child.inc();
    })();
    bound(this.time, key, () => {
      const child = this.durations.labels(method, route);
      return (seconds) => child.observe(seconds);
    })(elapsedTime / 1000);
  }
}

function bound<T>(children: Map<string, T>, key: string, bind: () => T): T {
  let child = children.get(key);
  if (child === undefined) children.set(key, (child = bind()));
  return child;
}
