import { applyDecorators, SetMetadata, UseInterceptors } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { CACHE_DECLARATION, type CacheDeclaration } from './cache-declaration.js';
import { ResponseCacheInterceptor } from './response-cache.interceptor.js';

/** Caches the public answers of a handler, which returns an `Answer` carrying its tags and its snapshot. */
export const Cached = <Query>(declaration: CacheDeclaration<Query>): MethodDecorator =>
  applyDecorators(
    SetMetadata(CACHE_DECLARATION, declaration),
    RouteConfig({ cached: declaration }),
    UseInterceptors(ResponseCacheInterceptor),
  );
