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

export const clientOf = ({ ip, headers, protocol }: FastifyRequest): Client => ({
  network: clientNetwork(ip),
  cookie: headers.cookie,
  isSecure: protocol === 'https',
});

export const CurrentClient = createParamDecorator((_: unknown, context: ExecutionContext) =>
  clientOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
