import type { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';

/** The server, for hooks that a module adds in `onModuleInit`. Undefined in commands, which have no server. */
export const fastifyOf = (host: HttpAdapterHost): FastifyInstance | undefined =>
  // Nest's type does not show that an application without a server has no adapter.
  (host.httpAdapter as HttpAdapterHost['httpAdapter'] | undefined)?.getInstance<FastifyInstance>();
