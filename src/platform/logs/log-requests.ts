import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isProbe } from '../lifecycle/is-probe.js';
import type { Lifecycle } from '../lifecycle/lifecycle.js';
import type { Log } from './log.js';
import { traceId } from './trace-id.js';

/**
 * The members that identify a request in the log. The route is its template, never its path, so the client's input
 * stays out.
 */
export const requestMembers = (request: FastifyRequest): Readonly<Record<string, string | undefined>> => ({
  request_id: request.id,
  trace_id: traceId(request.headers.traceparent),
  method: request.method,
  route: request.routeOptions.url ?? 'unmatched',
});

/** An answer of the front door that was not ready in memory. */
export interface ReadAnswer {
  readonly id: string;
  readonly traceparent: string | string[] | undefined;
  readonly method: string;
  /** The template of its route. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

/** Logs an answer of the front door like an answer of the router. */
export function logReadAnswer(
  log: Log,
  { id, traceparent, method, route, status, seconds }: ReadAnswer,
): void {
  if (!log.isLevelEnabled('info')) return;
  const members = { request_id: id, trace_id: traceId(traceparent), method, route };
  log.info({ ...members, status, duration_ms: Math.round(seconds * 1e6) / 1000 }, 'request');
}

/**
 * Logs one line for each request that goes through the router. Hits in memory at the front door are not logged. Probes
 * and the requests of the warm-up are logged at LOG_LEVEL=debug only.
 */
export function logRequests(server: FastifyInstance, log: Log, lifecycle: Lifecycle): void {
  server.addHook('onResponse', (request: FastifyRequest, reply: FastifyReply, done) => {
    const isRoutine = !lifecycle.isWarm || isProbe(request.routeOptions.url ?? '');
    const level = isRoutine ? 'debug' : 'info';
    if (log.isLevelEnabled(level)) {
      const duration_ms = Math.round(reply.elapsedTime * 1000) / 1000;
      log[level]({ ...requestMembers(request), status: reply.statusCode, duration_ms }, 'request');
    }
    done();
  });
}
