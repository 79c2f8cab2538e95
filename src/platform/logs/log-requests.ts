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

/**
 * One line for each request that goes through the router: hits that the front door answers make none. Probes, and what
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
