import type { FastifyInstance } from 'fastify';
import { AsyncLocalStorage } from 'node:async_hooks';

/** W3C Trace Context; an unknown version is passed on as it came. */
const TRACEPARENT = /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}/;

type Headers = Readonly<Record<string, string>>;

const current = new AsyncLocalStorage<Headers>();
const NONE: Headers = {};

/** The headers that tie an outgoing call to the request it is made for. */
export const headersOfCaller = (): Headers => current.getStore() ?? NONE;

/** Does `work` for a request: its outgoing calls pass on what ties them to it. */
export function callingFor<T>(
  { id, traceparent }: { readonly id: string; readonly traceparent: unknown },
  work: () => T,
): T {
  const isTraced = typeof traceparent === 'string' && TRACEPARENT.test(traceparent);
  return current.run({ 'x-request-id': id, ...(isTraced ? { traceparent } : {}) }, work);
}

/** Remembers, for each request, what its outgoing calls pass on. After the body is read: its events forget. */
export function passOnCallHeaders(server: FastifyInstance): void {
  server.addHook('preHandler', (request, _reply, done) => {
    callingFor({ id: request.id, traceparent: request.headers.traceparent }, done);
  });
}
