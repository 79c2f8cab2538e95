import { z } from 'zod';

const ttl = z.coerce.number().min(0).max(86_400);

/** Cache settings from the environment. */
export const cacheEnvironment = {
  CACHE_TTL_USER_SECONDS: ttl
    .optional()
    .describe('Cache TTL of a public profile. 0 switches it off. Default: 300.'),
  CACHE_TTL_POSTS_SECONDS: ttl
    .optional()
    .describe('Cache TTL of the pages of the post list. 0 switches it off. Default: 60.'),
  CACHE_TTL_POST_SECONDS: ttl
    .optional()
    .describe('Cache TTL of a single post. 0 switches it off. Default: 300.'),
  CACHE_TTL_CATEGORIES_SECONDS: ttl
    .optional()
    .describe('Cache TTL of the list of categories. 0 switches it off. Default: 3600.'),
  CACHE_TTL_TAGS_SECONDS: ttl
    .optional()
    .describe('Cache TTL of the list of tags. 0 switches it off. Default: 3600.'),
  CACHE_TTL_SESSION_SECONDS: ttl
    .optional()
    .describe(
      'Cache TTL of sessions. A revocation takes effect at once regardless. 0 switches it off. Default: 1800.',
    ),
  CACHE_FRONT_DOOR: z
    .enum(['true', 'false', '1', '0'])
    .transform((value) => value === 'true' || value === '1')
    .default(true)
    .describe(
      'Answer hits before the router. When this is off, for debugging, the answers are the same but slower.',
    ),
  CACHE_MAX_BYTES: z.coerce
    .number()
    .int()
    .min(1_048_576)
    .max(1_099_511_627_776)
    .default(67_108_864)
    .describe('Maximum number of bytes for the in-memory cache of this process.'),
};
