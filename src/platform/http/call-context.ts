import type { FastifyInstance } from 'fastify';
import { AsyncLocalStorage } from 'node:async_hooks';
import { traceId } from '../logs/trace-id.js';

type Headers = Readonly<Record<string, string>>;

const current = new AsyncLocalStorage<Headers>();
const NONE: Headers = {};

/** The headers that link an outgoing call to the request it is made for. */
export const headersOfCaller = (): Headers => current.getStore() ?? NONE;

/**
 * Runs `work` on behalf of a request. Its outgoing calls carry the headers that link them to it. A `traceparent` of an unknown
 * version is passed on unchanged, because Inkwell adds no span of its own here. With tracing on, `request-spans.ts` has
 * already replaced it by one of version 00.
 */
export function callingFor<T>(
  { id, traceparent }: { readonly id: string; readonly traceparent: string | string[] | undefined },
  work: () => T,
): T {
  const isTraced = typeof traceparent === 'string' && traceId(traceparent) !== undefined;
  return current.run({ 'x-request-id': id, ...(isTraced ? { traceparent } : {}) }, work);
}

/**
 * Remembers for each request which headers its outgoing calls carry. The hook runs after the body is read, because the
 * events of the body lose the async context.
 */
export function passOnCallHeaders(server: FastifyInstance): void {
  server.addHook('preHandler', (request, _reply, done) => {
    callingFor({ id: request.id, traceparent: request.headers.traceparent }, done);
  });
}
