import type { CachedAnswer } from './cached-answer.js';
import type { CachedRoute, CacheKey } from './cached-route.js';
import type { HandlerRun, ServedAnswer } from './response-cache.js';

declare module 'node:http' {
  interface IncomingMessage {
    /**
     * A result that the front door has already read for this request, and that the router has to write: a failure or a
     * private answer.
     */
    alreadyRead?: {
      readonly key: string;
      readonly requestId: string;
      readonly served: Promise<ServedAnswer>;
      readonly run: HandlerRun;
    };
  }
}

declare module 'fastify' {
  interface FastifyReply {
    /** The entry behind this reply. The front door may answer with it next time. */
    prepared?: { readonly cacheKey: CacheKey; readonly answer: CachedAnswer; readonly route: CachedRoute };
    /**
     * Set by a step before the route that may answer this URL itself another time. The front door does not learn such
     * URLs.
     */
    mustBeRouted?: boolean;
  }
}
