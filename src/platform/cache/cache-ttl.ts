import type { Config } from '../../config.js';
import type { CacheName } from './cache-declaration.js';

/** What the environment says of a cache's TTL in seconds; undefined when the code's own word holds. */
export function ttlOf(config: Config, cache: CacheName): number | undefined {
  const seconds: Readonly<Record<CacheName, number | undefined>> = {
    user: config.cacheTtlUserSeconds,
    posts: config.cacheTtlPostsSeconds,
    post: config.cacheTtlPostSeconds,
    categories: config.cacheTtlCategoriesSeconds,
    session: config.cacheTtlSessionSeconds,
    page: undefined,
  };
  return seconds[cache];
}
