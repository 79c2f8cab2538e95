import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { clientNetwork } from './client-network.js';

/** Where a request comes from. */
export interface Client {
  /** The client's network, as used by limits per address. */
  readonly network: string;
  /** The Cookie header as received. */
  readonly cookie: string | undefined;
  readonly isSecure: boolean;
}

/** The value that `CurrentClient` passes to a handler. */
const clientOf = (_: unknown, context: ExecutionContext): Client => {
  const { ip, headers, protocol } = context.switchToHttp().getRequest<FastifyRequest>();
  return { network: clientNetwork(ip), cookie: headers.cookie, isSecure: protocol === 'https' };
};

export const CurrentClient = createParamDecorator(clientOf);
