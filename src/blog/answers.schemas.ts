import { z } from 'zod';

/** The shapes of what is answered, for the API document. PostgreSQL builds the JSON itself: see posts.queries.ts. */
const time = z.iso.datetime().describe('UTC, to the millisecond.');

const postCategorySchema = z
  .strictObject({ id: z.int(), name: z.string(), slug: z.string() })
  .meta({ id: 'PostCategory' });

const shown = {
  id: z.int(),
  slug: z.string(),
  title: z.string(),
  author: z.string().describe('User name; `[deleted]` when the account was deleted.'),
  category: postCategorySchema,
  tags: z.array(z.string()),
  created_at: time.describe('The moment of the first publication, once there was one.'),
  updated_at: time,
};

const postSummarySchema = z
  .strictObject({ ...shown, excerpt: z.string().describe('Plain text, at most 200 characters.') })
  .meta({ id: 'PostSummary' });
export type PostSummary = z.output<typeof postSummarySchema>;

export const postSchema = z
  .strictObject({
    ...shown,
    content: z.string().describe('As it was written.'),
    content_html: z.string().describe('Rendered and sanitised.'),
    status: z.enum(['draft', 'published']),
  })
  .meta({ id: 'Post' });
export type PostDetail = z.output<typeof postSchema>;

const categorySchema = z
  .strictObject({
    id: z.int(),
    name: z.string(),
    slug: z.string(),
    color: z.string().regex(/^#[0-9a-f]{6}$/),
    post_count: z.int().describe('Published posts.'),
  })
  .meta({ id: 'Category' });
export type CategorySummary = z.output<typeof categorySchema>;

export const postListAnswer = z.array(postSummarySchema).meta({ id: 'PostList' });
export const categoryListAnswer = z.array(categorySchema).meta({ id: 'CategoryList' });
