import {
  applyDecorators,
  type CanActivate,
  type ExecutionContext,
  Injectable,
  SetMetadata,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Documents } from '../openapi/documents.js';
import { clientNetwork } from './client-network.js';
import { rateLimitHeaders } from './rate-limit-headers.js';
import type { PolicyName } from './rate-limit-policies.js';
import { RateLimits } from './rate-limits.js';

const RATE_LIMIT = 'inkwell:rate-limit';

/** Limits a route by client address; its answers carry `RateLimit` and `RateLimit-Policy`, 429 when it is used up. */
export const RateLimit = (policy: PolicyName): MethodDecorator =>
  applyDecorators(SetMetadata(RATE_LIMIT, policy), Documents({ answers: [{ status: 429 }] }));

/** Must be the first of the guards: what costs more comes after it. */
@Injectable()
export class RateLimitGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly limits: RateLimits,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const policy = this.reflector.get<PolicyName | undefined>(RATE_LIMIT, context.getHandler());
    if (policy === undefined) return true;
    const http = context.switchToHttp();
    const { ip } = http.getRequest<FastifyRequest>();
    const quota = await this.limits.consume(policy, clientNetwork(ip));
    void http.getResponse<FastifyReply>().headers(rateLimitHeaders(quota));
    return true;
  }
}
