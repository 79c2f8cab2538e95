import type { CachedAnswer } from './cached-answer.js';
import type { CachedRoute } from './cached-route.js';

declare module 'node:http' {
  interface IncomingMessage {
    /** The key that the front door has just asked L2 for, which had none. */
    recalledKey?: string;
  }
}

declare module 'fastify' {
  interface FastifyReply {
    /** The entry that this reply is made from, which the front door may answer with next time. */
    prepared?: { readonly key: string; readonly answer: CachedAnswer; readonly route: CachedRoute };
    /** Set by what comes before the route and may answer this URL itself another time: the front door does not learn it. */
    mustBeRouted?: boolean;
  }
}
