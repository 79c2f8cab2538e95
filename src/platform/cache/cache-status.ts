import type { Source } from './tiered-cache.js';

/** What `Cache-Status` says of an answer by where it comes from (RFC 9211). */
export const CACHE_STATUS: Readonly<Record<Source, string>> = {
  memory: 'inkwell; hit',
  redis: 'inkwell; hit; detail=redis',
  load: 'inkwell; fwd=miss; stored',
  overtaken: 'inkwell; fwd=miss',
  revalidating: 'inkwell; fwd=stale; detail=revalidating',
  error: 'inkwell; fwd=stale; detail=database-away',
};
