import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Lifecycle } from '../lifecycle/lifecycle.js';
import type { Log } from './log.js';
import { traceId } from './trace-id.js';

/** Asked every few seconds by programs that look at the answer: they would be most of the log. */
const PROBES = new Set(['/livez', '/readyz', '/startupz', '/health', '/metrics']);

/**
 * What identifies a request in the log. The route is its template and never its path: what a client wrote stays out.
 */
export const requestMembers = (request: FastifyRequest): Readonly<Record<string, string | undefined>> => ({
  request_id: request.id,
  trace_id: traceId(request.headers.traceparent),
  method: request.method,
  route: request.routeOptions.url ?? 'unmatched',
});

/** An answer of the front door that memory did not have ready. */
export interface ReadAnswer {
  readonly id: string;
  readonly traceparent: string | string[] | undefined;
  readonly method: string;
  /** The template of its route. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

/** The line of an answer that was read before the router, as that of one behind it. */
export function logReadAnswer(
  log: Log,
  { id, traceparent, method, route, status, seconds }: ReadAnswer,
): void {
  if (!log.isLevelEnabled('info')) return;
  const members = { request_id: id, trace_id: traceId(traceparent), method, route };
  log.info({ ...members, status, duration_ms: Math.round(seconds * 1e6) / 1000 }, 'request');
}

/**
 * One line for each request that goes through the router: hits in memory at the front door make none. Probes, and what
 * the process asks itself while it warms up, are for LOG_LEVEL=debug.
 */
export function logRequests(server: FastifyInstance, log: Log, lifecycle: Lifecycle): void {
  server.addHook('onResponse', (request: FastifyRequest, reply: FastifyReply, done) => {
    const isRoutine = !lifecycle.isWarm || PROBES.has(request.routeOptions.url ?? '');
    const level = isRoutine ? 'debug' : 'info';
    if (log.isLevelEnabled(level)) {
      const duration_ms = Math.round(reply.elapsedTime * 1000) / 1000;
      log[level]({ ...requestMembers(request), status: reply.statusCode, duration_ms }, 'request');
    }
    done();
  });
}
