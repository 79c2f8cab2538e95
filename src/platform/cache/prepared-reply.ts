import type { CachedAnswer } from './cached-answer.js';
import type { CachedRoute, CacheKey } from './cached-route.js';
import type { ServedAnswer } from './response-cache.js';

declare module 'node:http' {
  interface IncomingMessage {
    /** What the front door has read for this request already, and left to the router: a failure, a private answer. */
    alreadyRead?: {
      readonly key: string;
      readonly requestId: string;
      readonly served: Promise<ServedAnswer>;
    };
  }
}

declare module 'fastify' {
  interface FastifyReply {
    /** The entry that this reply is made from, which the front door may answer with next time. */
    prepared?: { readonly cacheKey: CacheKey; readonly answer: CachedAnswer; readonly route: CachedRoute };
    /** Set by what comes before the route and may answer this URL itself another time: the front door does not learn it. */
    mustBeRouted?: boolean;
  }
}
