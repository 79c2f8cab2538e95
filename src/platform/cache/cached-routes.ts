import { type ExecutionContext, Injectable } from '@nestjs/common';
import { ModuleRef, Reflector } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import findMyWay from 'find-my-way';
import { Config } from '../../config.js';
import { type CdnHeaders, cdnHeadersFor } from '../cdn/cdn-headers.js';
import { CACHE_DECLARATION, type CacheDeclaration } from './cache-declaration.js';
import { ttlOf } from './cache-ttl.js';
import { CachedRoute, type KeyedRequest } from './cached-route.js';
import { handlerCallOf } from './handler-call.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Set by `@Cached`. */
    cached?: CacheDeclaration<unknown>;
  }
}

/** A route, and what it would see of a request for a URL. */
export interface ResolvedUrl {
  readonly route: CachedRoute;
  readonly template: string;
  readonly request: KeyedRequest;
}

const MAX_PARAM_LENGTH = 500;

/** The routes with `@Cached`, by handler and by path: reflection happens once a route, not once a request. */
@Injectable()
export class CachedRoutes {
  private readonly cdn: CdnHeaders;
  private readonly byName = new Map<string, CachedRoute>();
  private readonly byHandler = new Map<unknown, CachedRoute>();
  /** All routes, since one without a cache may come before one with. */
  private readonly paths = findMyWay({ maxParamLength: MAX_PARAM_LENGTH });

  constructor(
    private readonly reflector: Reflector,
    private readonly config: Config,
    private readonly moduleRef: ModuleRef,
  ) {
    this.cdn = cdnHeadersFor(config);
  }

  /** Learns which URL leads to which route. Must be called before the routes are registered. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('onRoute', ({ method, url, handler, config }) => {
      if (![method].flat().includes('GET') || this.paths.hasRoute('GET', url)) return;
      const declaration = config?.cached;
      // Nest names its handlers `PostsController.list`.
      const route = declaration === undefined ? undefined : this.named(handler.name, declaration);
      this.paths.on('GET', url, () => undefined, { route, template: url });
    });
  }

  /** @param url path and query @returns undefined when no cached route would answer it */
  resolve(url: string): ResolvedUrl | undefined {
    const found = this.paths.find('GET', url);
    const { route, template } = (found?.store ?? {}) as { route?: CachedRoute; template?: string };
    if (found === null || route === undefined || template === undefined) return undefined;
    return { route, template, request: { params: found.params, query: found.searchParams, url } };
  }

  of(context: ExecutionContext): CachedRoute {
    const handler = context.getHandler();
    let route = this.byHandler.get(handler);
    if (route === undefined) this.byHandler.set(handler, (route = this.declared(context)));
    return route;
  }

  all(): Iterable<CachedRoute> {
    return this.byName.values();
  }

  private declared(context: ExecutionContext): CachedRoute {
    const name = `${context.getClass().name}.${context.getHandler().name}`;
    const declaration = this.reflector.get<CacheDeclaration<unknown>>(
      CACHE_DECLARATION,
      context.getHandler(),
    );
    const route = this.named(name, declaration);
    route.call = handlerCallOf(context, declaration, (controller) =>
      this.moduleRef.get<object>(controller, { strict: false }),
    );
    return route;
  }

  private named(name: string, declaration: CacheDeclaration<unknown>): CachedRoute {
    let route = this.byName.get(name);
    // Names lead the keys: two routes of one name would answer for each other.
    if (route !== undefined && route.declaration !== declaration)
      throw new Error(`Two cached routes are called ${name}`);
    if (route === undefined) {
      const ttlSeconds = ttlOf(this.config, declaration.cache) ?? declaration.ttlSeconds;
      this.byName.set(name, (route = new CachedRoute(name, declaration, ttlSeconds * 1000, this.cdn)));
    }
    return route;
  }
}
