import { z } from 'zod';
import { pathnameOf } from '../cached-route.js';

const MAX_TAG_LENGTH = 300;
const MAX_PATH_LENGTH = 2_048;
/** Path and query, with every character escaped, and the name of the handler. */
const MAX_KEY_LENGTH = 32_768;
const MAX_COUNT = 2_147_483_647;

function isPath(text: string): boolean {
  try {
    return !pathnameOf(text).includes('\0');
  } catch {
    return false;
  }
}

const countSchema = z
  .int()
  .min(0)
  .meta({ examples: [12] });

const tagSchema = z
  .string()
  .trim()
  .min(1)
  .max(MAX_TAG_LENGTH)
  .meta({
    description: 'Every answer that shows the thing named by the tag carries it.',
    examples: ['post:5'],
  });

/** A name that the server sets, not the client. Its length is documented but not validated. */
const nameSchema = (maxLength: number, example: string) =>
  z.string().meta({ maxLength, examples: [example] });
/** The tags of an answer. There is no fixed limit to their number. */
const tagsSchema = z.array(nameSchema(MAX_TAG_LENGTH, 'post:5')).max(MAX_COUNT);

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
      .meta({ description: 'The path of an answer, with any query.', examples: ['/blog/api/posts'] }),
    all: z.literal(true).optional().meta({ description: 'Everything.' }),
  })
  .refine((target) => Object.values(target).filter((value) => value !== undefined).length === 1, {
    error: 'give exactly one of tag, path and all',
  })
  .meta({ id: 'Purge', description: 'Exactly one of tag, path and all.', examples: [{ tag: 'post:5' }] });

export const purgedSchema = z
  .object({
    evicted: countSchema.meta({
      description: 'Entries that the answering process evicted.',
    }),
  })
  .meta({ id: 'Purged' });

export const explainQuerySchema = z.strictObject({
  path: pathSchema.meta({
    description: 'Path and query of a GET request.',
    examples: ['/blog/api/posts?limit=5'],
  }),
});

const secondsSchema = z
  .number()
  .min(0)
  .meta({ examples: [60] });
const xidSchema = z
  .int()
  .min(0)
  .meta({ description: 'Transaction id of PostgreSQL.', examples: [1042] });

const heldSchema = z
  .object({
    state: z.enum(['fresh', 'stale', 'outdated']).meta({
      description:
        'stale: past its TTL. outdated: a change came after it was read, so it would be discarded.',
    }),
    status: z
      .int()
      .min(100)
      .max(599)
      .meta({
        description: 'HTTP status of the answer; 404 for something that does not exist.',
        examples: [200],
      }),
    age_seconds: secondsSchema,
    ttl_seconds: secondsSchema.meta({ description: 'The TTL of this entry, with its jitter.' }),
    bytes: countSchema.meta({ description: 'The memory that the entry takes, or would take.' }),
    tags: tagsSchema,
    snapshot: z
      .object({ xmax: xidSchema, xip: z.array(xidSchema).max(MAX_COUNT) })
      .meta({ description: 'What the read saw: transactions below xmax, except those in xip.' }),
    epoch: nameSchema(300, '7512345678901234567').meta({
      description: 'The history of transaction ids that the snapshot belongs to.',
    }),
    representations: z
      .array(
        z.object({
          encoding: z.enum(['identity', 'br', 'gzip']),
          bytes: countSchema,
          etag: nameSchema(60, '"2-A7OTnNCeAebXwdw7"'),
        }),
      )
      .max(3),
  })
  .meta({ id: 'HeldEntry' });

const changeSchema = z
  .object({
    xid: xidSchema,
    event: nameSchema(100, 'post.revised'),
    at: z.iso.datetime(),
    tags: tagsSchema.meta({ description: 'Those of its tags that touch this answer.' }),
    seen_by_memory: z.boolean().nullable(),
    seen_by_redis: z.boolean().nullable(),
  })
  .meta({ id: 'CacheChange' });

export const explanationSchema = z
  .object({
    path: nameSchema(MAX_PATH_LENGTH, '/blog/api/posts/on-tea'),
    route: nameSchema(200, '/blog/api/posts/:id').meta({ description: 'Template of the route.' }),
    handler: nameSchema(200, 'PostsController.get'),
    cache: nameSchema(20, 'post'),
    key: nameSchema(MAX_KEY_LENGTH, 'PostsController.get?id=on-tea&')
      .nullable()
      .meta({ description: 'Null if such an answer is not cached.' }),
    ttl: z.object({
      seconds: secondsSchema,
      declared_seconds: secondsSchema,
      is_overridden: z.boolean().meta({ description: 'By the environment.' }),
    }),
    next: z
      .enum(['hit', 'stale', 'miss', 'uncached'])
      .meta({ description: 'How the next GET without credentials would be answered.' }),
    reason: nameSchema(2_000, 'It would hit in memory, for 41.5 s more.').meta({
      description: 'The reason, in a sentence.',
    }),
    memory: heldSchema.nullable(),
    redis: heldSchema.nullable(),
    redis_state: z.enum(['none', 'answers', 'away']),
    changes: z
      .array(changeSchema)
      .max(10)
      .meta({ description: 'The newest changes in the outbox that touch this answer, newest first.' }),
  })
  .meta({ id: 'CacheExplanation' });

export type Purge = z.output<typeof purgeSchema>;
export type Purged = z.output<typeof purgedSchema>;
export type ExplainQuery = z.output<typeof explainQuerySchema>;
export type HeldEntry = z.output<typeof heldSchema>;
export type CacheChange = z.output<typeof changeSchema>;
export type CacheExplanation = z.output<typeof explanationSchema>;
