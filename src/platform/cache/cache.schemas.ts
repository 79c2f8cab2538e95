import { z } from 'zod';
import { pathnameOf } from './pathname-of.js';

const MAX_TAG_LENGTH = 300;
const MAX_PATH_LENGTH = 2_048;

function isPath(text: string): boolean {
  try {
    return !pathnameOf(text).includes('\0');
  } catch {
    return false;
  }
}

const tagSchema = z
  .string()
  .trim()
  .min(1)
  .max(MAX_TAG_LENGTH)
  .meta({ description: 'On every answer that shows the thing it names.', examples: ['post:5'] });

const pathSchema = z
  .string()
  .trim()
  .min(1)
  .max(MAX_PATH_LENGTH)
  .refine(isPath, 'must be a path in valid percent-encoding');

export const purgeSchema = z
  .strictObject({
    tag: tagSchema.optional(),
    path: pathSchema
      .optional()
      .meta({ description: 'Of an answer, whatever its query.', examples: ['/blog/api/posts'] }),
    all: z.literal(true).optional().meta({ description: 'Everything.' }),
  })
  .refine((target) => Object.values(target).filter((value) => value !== undefined).length === 1, {
    error: 'give exactly one of tag, path and all',
  })
  .meta({ id: 'Purge', description: 'Exactly one of the three.' });

export const purgedSchema = z
  .object({
    evicted: z.int().meta({ description: 'Entries that the answering process held, and holds no more.' }),
  })
  .meta({ id: 'Purged' });

export const explainQuerySchema = z.strictObject({
  path: pathSchema.meta({ description: 'Path and query of a GET.', examples: ['/blog/api/posts?limit=5'] }),
});

const secondsSchema = z.number().min(0);
const xidSchema = z.int().meta({ description: 'Transaction id of PostgreSQL.' });

const heldSchema = z
  .object({
    state: z.enum(['fresh', 'stale', 'outdated']).meta({
      description: 'stale: past its TTL. outdated: a change came after it was read, so it is not believed.',
    }),
    status: z.int().meta({ description: 'HTTP status it is answered with; 404 for what does not exist.' }),
    age_seconds: secondsSchema,
    ttl_seconds: secondsSchema.meta({ description: 'Of this entry, with its jitter.' }),
    bytes: z.int().meta({ description: 'Memory it takes, or would take.' }),
    tags: z.array(z.string()),
    snapshot: z
      .object({ xmax: xidSchema, xip: z.array(xidSchema) })
      .meta({ description: 'What its read saw: transactions below xmax, but for those in xip.' }),
    epoch: z.string().meta({ description: 'History of transaction ids that the snapshot belongs to.' }),
    representations: z.array(z.object({ encoding: z.string(), bytes: z.int(), etag: z.string() })),
  })
  .meta({ id: 'HeldEntry' });

const changeSchema = z
  .object({
    xid: xidSchema,
    event: z.string(),
    at: z.iso.datetime(),
    tags: z.array(z.string()).meta({ description: 'Those of its tags that concern this answer.' }),
    seen_by_memory: z.boolean().nullable(),
    seen_by_redis: z.boolean().nullable(),
  })
  .meta({ id: 'CacheChange' });

export const explanationSchema = z
  .object({
    path: z.string(),
    route: z.string().meta({ description: 'Template of the route.', examples: ['/blog/api/posts/:id'] }),
    handler: z.string().meta({ examples: ['PostsController.get'] }),
    cache: z.string(),
    key: z.string().nullable().meta({ description: 'Null when such an answer is not cached.' }),
    ttl: z.object({
      seconds: secondsSchema,
      declared_seconds: secondsSchema,
      is_overridden: z.boolean().meta({ description: 'By the environment.' }),
    }),
    next: z
      .enum(['hit', 'stale', 'miss', 'uncached'])
      .meta({ description: 'How the next GET without credentials would be answered.' }),
    reason: z.string().meta({ description: 'Why, in a sentence.' }),
    memory: heldSchema.nullable(),
    redis: heldSchema.nullable(),
    redis_state: z.enum(['none', 'answers', 'away']),
    changes: z
      .array(changeSchema)
      .meta({ description: 'The newest changes of the outbox that touch this answer, newest first.' }),
  })
  .meta({ id: 'CacheExplanation' });

export type Purge = z.output<typeof purgeSchema>;
export type Purged = z.output<typeof purgedSchema>;
export type ExplainQuery = z.output<typeof explainQuerySchema>;
export type HeldEntry = z.output<typeof heldSchema>;
export type CacheChange = z.output<typeof changeSchema>;
export type CacheExplanation = z.output<typeof explanationSchema>;
