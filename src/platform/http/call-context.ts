import type { FastifyInstance } from 'fastify';
import { AsyncLocalStorage } from 'node:async_hooks';

/** W3C Trace Context; an unknown version is passed on as it came. */
const TRACEPARENT = /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}/;

type Headers = Readonly<Record<string, string>>;

const current = new AsyncLocalStorage<Headers>();
const NONE: Headers = {};

/** The headers that tie an outgoing call to the request it is made for. */
export const headersOfCaller = (): Headers => current.getStore() ?? NONE;

/** Remembers, for each request, what its outgoing calls pass on. After the body is read: its events forget. */
export function passOnCallHeaders(server: FastifyInstance): void {
  server.addHook('preHandler', (request, _reply, done) => {
    const { traceparent } = request.headers;
    const isTraced = typeof traceparent === 'string' && TRACEPARENT.test(traceparent);
    current.run({ 'x-request-id': request.id, ...(isTraced ? { traceparent } : {}) }, done);
  });
}
