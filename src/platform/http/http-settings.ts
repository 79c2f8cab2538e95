import { z } from 'zod';

const sockets = z.coerce.number().int().min(1).max(10_000);

/** Settings for calls to other servers, from the environment. */
export const httpEnvironment = {
  HTTP_POOL_MAX_SOCKETS: sockets
    .default(100)
    .describe('Maximum number of connections to other servers. Further calls wait.'),
  HTTP_POOL_MAX_SOCKETS_PER_HOST: sockets
    .default(30)
    .describe('Maximum number of connections to one other server.'),
  HTTP_DNS_TTL_SECONDS: z.coerce
    .number()
    .min(0)
    .max(86_400)
    .default(300)
    .describe('How long the addresses of another server are cached. Failed look-ups are not cached.'),
  HTTP_TIMEOUT_SECONDS: z.coerce
    .number()
    .min(0.1)
    .max(600)
    .default(30)
    .describe('Total time that a call to another server may take, including retries.'),
};
