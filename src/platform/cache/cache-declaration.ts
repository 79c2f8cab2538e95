import type { z } from 'zod';

/** Label of the metrics, and what `CACHE_TTL_<NAME>_SECONDS` overrides. */
export type CacheName = 'user' | 'posts' | 'post' | 'categories' | 'page' | 'session';

/** What a route says about the caching of its answers. Everything that changes an answer must be in `params` or `query`. */
export interface CacheDeclaration<Query = never> {
  readonly cache: CacheName;
  /** The policy; the environment may override it by the cache's name. */
  readonly ttlSeconds: number;
  /** Schemas the handler validates with; the key is made of what they give, so spelling and order do not matter. */
  readonly params?: z.ZodType;
  readonly query?: z.ZodType<Query>;
  /** False for answers that anybody can make up without end, such as searches: they are made anew each time. */
  readonly isStored?: (query: Query) => boolean;
  /** True for answers that are rarely asked for twice, such as deep pages: they share a small partition. */
  readonly isTransient?: (query: Query) => boolean;
}

export const CACHE_DECLARATION = 'inkwell:cache-declaration';
