import type { Config } from '../../config.js';

/** The name of a cache: a label of the metrics, and the name in `CACHE_TTL_<NAME>_SECONDS`. */
export type CacheName =
  'user' | 'posts' | 'post' | 'categories' | 'tags' | 'page' | 'session' | 'site' | 'stats';

/** The TTL in seconds that the environment sets for a cache. Undefined means the default in the code applies. */
export function ttlOf(config: Config, cache: CacheName): number | undefined {
  const seconds: Readonly<Record<CacheName, number | undefined>> = {
    user: config.cacheTtlUserSeconds,
    posts: config.cacheTtlPostsSeconds,
    post: config.cacheTtlPostSeconds,
    categories: config.cacheTtlCategoriesSeconds,
    tags: config.cacheTtlTagsSeconds,
    session: config.cacheTtlSessionSeconds,
    page: undefined,
    site: undefined,
    stats: undefined,
  };
  return seconds[cache];
}
