import { Logger } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Refusal } from '../errors/problem.js';
import { requestMembers } from './log-requests.js';

declare module 'fastify' {
  interface FastifyInstance {
    /** The part of a client address that may be logged. */
    shownAddress?: (ip: string) => string | undefined;
  }
}

const logger = new Logger('Refusals');

/** Logs one line for a refused request, with the client and the account, but without the client's input. */
export function logRefusal({ message, policy, account_id }: Refusal, request: FastifyRequest): void {
  logger.warn({
    message,
    ...requestMembers(request),
    policy,
    client: request.server.shownAddress?.(request.ip),
    account_id: account_id ?? request.principal?.userId,
  });
}
