import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Config } from '../../config.js';
import { CACHE_DECLARATION, type CacheDeclaration } from './cache-declaration.js';
import { ttlOf } from './cache-ttl.js';
import { CachedRoute } from './cached-route.js';

/** The routes with `@Cached`, by handler: reflection happens once a route, not once a request. */
@Injectable()
export class CachedRoutes {
  private readonly routes = new Map<unknown, CachedRoute>();

  constructor(
    private readonly reflector: Reflector,
    private readonly config: Config,
  ) {}

  of(context: ExecutionContext): CachedRoute {
    const handler = context.getHandler();
    let route = this.routes.get(handler);
    if (route === undefined) this.routes.set(handler, (route = this.declared(context)));
    return route;
  }

  all(): Iterable<CachedRoute> {
    return this.routes.values();
  }

  private declared(context: ExecutionContext): CachedRoute {
    const declaration = this.reflector.get<CacheDeclaration<unknown>>(
      CACHE_DECLARATION,
      context.getHandler(),
    );
    const ttlSeconds = ttlOf(this.config, declaration.cache) ?? declaration.ttlSeconds;
    return new CachedRoute(
      `${context.getClass().name}.${context.getHandler().name}`,
      declaration,
      ttlSeconds * 1000,
    );
  }
}
