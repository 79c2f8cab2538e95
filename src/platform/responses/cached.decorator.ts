import { applyDecorators, SetMetadata } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { z } from 'zod';
import type { CacheName } from '../cache/cache-ttl.js';

/** How a route caches its answers. Everything that changes an answer must be in `params` or `query`. */
export interface CacheDeclaration<Query = never> {
  readonly cache: CacheName;
  /** The default TTL. The environment may override it by the cache's name. */
  readonly ttlSeconds: number;
  /**
   * The schemas that the handler validates with. The key is made from their output, so spelling and order do not
   * matter.
   */
  readonly params?: z.ZodType;
  readonly query?: z.ZodType<Query>;
  /**
   * False for answers that are not stored, because anyone can request them in endless variety. Searches are an example.
   */
  readonly isStored?: (query: Query) => boolean;
  /** True for answers that are rarely requested twice, such as deep pages. They share a small partition. */
  readonly isTransient?: (query: Query) => boolean;
  /** True for answers whose cost the caller can drive up. On a miss, they are limited per client address. */
  readonly isCostly?: (query: Query) => boolean;
}

export const CACHE_DECLARATION = 'inkwell:cache-declaration';

/** Caches the public answers of a handler. The handler returns an `Answer` with its tags and its snapshot. */
export const Cached = <Query>(declaration: CacheDeclaration<Query>): MethodDecorator =>
  applyDecorators(SetMetadata(CACHE_DECLARATION, declaration), RouteConfig({ cached: declaration }));
