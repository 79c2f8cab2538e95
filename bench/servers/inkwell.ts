import type { ServerSpec } from './server-process.js';

const ONE_HOUR = '3600';

/** TTLs long enough that nothing expires during a measurement. */
export const LASTING = ttls(ONE_HOUR);
/** Nothing is cached, so each request runs its query. */
export const UNCACHED = ttls('0');
/** The minimum for the in-process tier: about a hundred lists. */
export const TINY_MEMORY = { CACHE_MAX_BYTES: '1048576' };

function ttls(seconds: string): Record<string, string> {
  const caches = ['USER', 'POSTS', 'POST', 'CATEGORIES'];
  return Object.fromEntries(caches.map((cache) => [`CACHE_TTL_${cache}_SECONDS`, seconds]));
}

/** Inkwell in its production configuration. */
export const inkwell = (environment: Readonly<Record<string, string>>): ServerSpec => ({
  script: 'dist/main.js',
  environment: {
    HOST: '127.0.0.1',
    AUTH_SECRET: 'the-signing-key-of-the-benchmark-0123456789',
    LOG_LEVEL: 'error',
    ...environment,
  },
  readyPath: '/blog/api/posts',
});
