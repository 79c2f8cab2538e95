import { type ExecutionContext, Injectable } from '@nestjs/common';
import { ModuleRef, Reflector } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import findMyWay from 'find-my-way';
import { Config } from '../../config.js';
import { ttlOf } from '../cache/cache-ttl.js';
import { type CdnHeaders, cdnHeadersFor } from '../cdn/cdn-headers.js';
import { CachedRoute, type KeyedRequest } from './cached-route.js';
import { CACHE_DECLARATION, type CacheDeclaration } from './cached.decorator.js';
import { handlerCallOf } from './handler-call.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Set by `@Cached`. */
    cached?: CacheDeclaration<unknown>;
  }
}

/** A route, and the parsed request that it would get for a URL. */
export interface ResolvedUrl {
  readonly route: CachedRoute;
  readonly template: string;
  readonly request: KeyedRequest;
}

const MAX_PARAM_LENGTH = 500;

/** The routes with `@Cached`, by handler and by path. Reflection happens once per route, not once per request. */
@Injectable()
export class CachedRoutes {
  private readonly cdn: CdnHeaders;
  private readonly byName = new Map<string, CachedRoute>();
  private readonly byHandler = new Map<unknown, CachedRoute | undefined>();
  /** Holds all routes, because a route without a cache may take precedence over a cached one. */
  private readonly paths = findMyWay({ maxParamLength: MAX_PARAM_LENGTH });

  constructor(
    private readonly reflector: Reflector,
    private readonly config: Config,
    private readonly moduleRef: ModuleRef,
  ) {
    this.cdn = cdnHeadersFor(config);
  }

  /** Learns which URL leads to which route. Call it before the routes are registered. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('onRoute', ({ method, url, handler, config }) => {
      if (![method].flat().includes('GET') || this.paths.hasRoute('GET', url)) return;
      const declaration = config?.cached;
      // Nest names its handlers `PostsController.list`.
      const route = declaration === undefined ? undefined : this.named(handler.name, declaration);
      this.paths.on('GET', url, () => undefined, { route, template: url });
    });
  }

  /** @param url path and query @returns undefined if no cached route would answer it */
  resolve(url: string): ResolvedUrl | undefined {
    const found = this.paths.find('GET', url);
    const { route, template } = (found?.store ?? {}) as { route?: CachedRoute; template?: string };
    if (found === null || route === undefined || template === undefined) return undefined;
    return { route, template, request: { params: found.params, query: found.searchParams, url } };
  }

  /** @returns undefined for a handler without `@Cached` */
  of(context: ExecutionContext): CachedRoute | undefined {
    const handler = context.getHandler();
    if (!this.byHandler.has(handler)) this.byHandler.set(handler, this.declared(context));
    return this.byHandler.get(handler);
  }

  private declared(context: ExecutionContext): CachedRoute | undefined {
    const name = `${context.getClass().name}.${context.getHandler().name}`;
    const declaration = this.reflector.get<CacheDeclaration<unknown> | undefined>(
      CACHE_DECLARATION,
      context.getHandler(),
    );
    if (declaration === undefined) return undefined;
    const route = this.named(name, declaration);
    route.call = handlerCallOf(context, declaration, (controller) =>
      this.moduleRef.get<object>(controller, { strict: false }),
    );
    return route;
  }

  private named(name: string, declaration: CacheDeclaration<unknown>): CachedRoute {
    let route = this.byName.get(name);
    // Keys start with the name, so two routes with the same name would share entries.
    if (route !== undefined && route.declaration !== declaration)
      throw new Error(`There are two cached routes named ${name}`);
    if (route === undefined) {
      const ttlSeconds = ttlOf(this.config, declaration.cache) ?? declaration.ttlSeconds;
      this.byName.set(name, (route = new CachedRoute(name, declaration, ttlSeconds * 1000, this.cdn)));
    }
    return route;
  }
}
