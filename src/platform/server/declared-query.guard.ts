import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import type { FastifyRequest } from 'fastify';
import { ValidationFailed } from '../errors/validation-failed.js';

const API = /^\/(?:blog\/)?api\//;

export const isOnApi = (url: string): boolean => API.test(url);

/** Nest takes them out before the schema of a query sees them. */
const NEVER_DECLARED: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * On the API unknown query parameters are refused, so that a misspelt one is noticed. A handler with `@Query({ schema })`
 * knows by its schema; one without takes none.
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
    throw new ValidationFailed(
      unknown
        .slice(0, 20)
        .map((name) => ({ pointer: '', detail: `unknown query parameter: ${name.slice(0, 100)}` })),
    );
  }

  /** Reflects once a handler. */
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
