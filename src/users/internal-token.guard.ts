import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { createHash, timingSafeEqual } from 'node:crypto';
import { Config } from '../config.js';
import { RouteNotFound } from '../platform/server/routing-problems.js';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Admits callers with the INTERNAL_TOKEN. For everyone else, the route does not exist. */
@Injectable()
export class InternalTokenGuard implements CanActivate {
  private readonly expected: Buffer;

  constructor(config: Config) {
    this.expected = digest(`Bearer ${config.internalToken!}`);
  }

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { authorization = '' } = request.headers;
    if (timingSafeEqual(digest(authorization), this.expected)) return true;
    throw new RouteNotFound(request.url);
  }
}
