import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { InjectMetric, makeCounterProvider, makeHistogramProvider } from '@willsoto/nestjs-prometheus';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Counter, Histogram } from 'prom-client';
import { DURATION_BUCKETS_SECONDS } from '../cache/route-tally.js';
import { fastifyOf } from '../server/fastify-of.js';

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

/** Counts and times every answer that goes through the router. Labels are bound once, not per request. */
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
