import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import type { FastifyRequest } from 'fastify';
import { isOnApi } from '../openapi/is-on-api.js';
import { unknownParameters } from './validation-failed.js';

/** Nest removes these before the schema of a query sees them. */
const NEVER_DECLARED: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Refuses unknown query parameters on the API, so that misspellings are noticed. A handler with `@Query({ schema })`
 * refuses them by its schema; a handler without one accepts no parameters.
 */
export class DeclaredQueryGuard implements CanActivate {
  private readonly declares = new Map<unknown, boolean>();

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (!request.url.includes('?') || !isOnApi(request.url)) return true;
    const isDeclared = this.isDeclared(context);
    const unknown = Object.keys(request.query as object).filter(
      (name) => !isDeclared || NEVER_DECLARED.has(name),
    );
    if (unknown.length === 0) return true;
    throw unknownParameters(unknown);
  }

  /** Uses reflection once per handler. */
  private isDeclared(context: ExecutionContext): boolean {
    const handler = context.getHandler();
    let isDeclared = this.declares.get(handler);
    if (isDeclared === undefined) this.declares.set(handler, (isDeclared = hasQuery(context)));
    return isDeclared;
  }
}

function hasQuery(context: ExecutionContext): boolean {
  const metadata = Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), context.getHandler().name) as
    object | undefined;
  return Object.keys(metadata ?? {}).some((key) => key.startsWith(`${RouteParamtypes.QUERY}:`));
}
