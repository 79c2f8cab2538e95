import { z } from 'zod';
import { MAX_ID } from '../platform/openapi/api-values.js';
import { POST_STATUSES } from './post.entity.js';

/** The schemas of answers, for the API document. PostgreSQL builds the JSON itself: see posts.queries.ts. */
const time = z.iso.datetime().describe('UTC, to the millisecond.');

/** Lengths in characters (code points), as JSON Schema counts them. */
const text = (maxLength: number, example: string) => z.string().meta({ maxLength, examples: [example] });
const id = (example: number) =>
  z
    .int()
    .min(1)
    .max(MAX_ID)
    .meta({ examples: [example] });
const slug = (example: string) => text(100, example).meta({ pattern: '^[a-z0-9]+(?:-[a-z0-9]+)*$' });
/** The rendering thread has no memory for more. */
const MAX_HTML_LENGTH = 64 * 1024 * 1024;

const category = { id: id(2), name: text(50, 'Kitchen'), slug: slug('kitchen') };
const postCategorySchema = z.strictObject(category).meta({ id: 'PostCategory' });

const shown = {
  id: id(5),
  slug: slug('on-tea'),
  title: text(200, 'On tea'),
  author: text(30, 'ada')
    .meta({ pattern: '^(?:[a-z][a-z0-9_-]{2,29}|\\[deleted\\])$' })
    .describe('User name; `[deleted]` if the account was deleted.'),
  author_display_name: text(100, 'Ada L.').describe('The user name if the author has not set one.'),
  category: postCategorySchema,
  excerpt: text(200, 'Boil water.').describe(
    'Plain text: what the author wrote, else the beginning of the post. At most 200 characters.',
  ),
  tags: z.array(text(50, 'tea')).max(10),
  created_at: time.describe('Time of the first publication, or of creation before that.'),
  published_at: time.nullable().describe('Time of the first publication; null before it.'),
  updated_at: time,
};

const postSummarySchema = z
  .strictObject({
    ...shown,
    status: z.enum(POST_STATUSES).optional().describe('Only in lists of your own posts.'),
  })
  .meta({ id: 'PostSummary' });
export type PostSummary = z.output<typeof postSummarySchema>;

export const postSchema = z
  .strictObject({
    ...shown,
    content: text(200_000, 'Boil *water*.').describe('As the author wrote it.'),
    content_html: text(MAX_HTML_LENGTH, '<p>Boil <em>water</em>.</p>\n').describe('Rendered and sanitised.'),
    status: z.enum(['published', 'draft']),
  })
  .meta({ id: 'Post' });
export type PostDetail = z.output<typeof postSchema>;

export const categorySchema = z
  .strictObject({
    ...category,
    color: text(7, '#2b6f9c').meta({ pattern: '^#[0-9a-f]{6}$' }),
    post_count: z
      .int()
      .min(0)
      .max(MAX_ID)
      .meta({ description: 'Published posts.', examples: [1] }),
  })
  .meta({ id: 'Category' });
export type CategorySummary = z.output<typeof categorySchema>;

const tagSchema = z
  .strictObject({
    name: text(50, 'Green tea'),
    slug: slug('green-tea'),
    post_count: z
      .int()
      .min(1)
      .max(MAX_ID)
      .meta({ description: 'Published posts.', examples: [1] }),
  })
  .meta({ id: 'Tag' });

export const postListAnswer = z.array(postSummarySchema).max(100).meta({ id: 'PostList' });
export const tagListAnswer = z.array(tagSchema).max(100).meta({ id: 'TagList' });
export const categoryListAnswer = z.array(categorySchema).max(MAX_ID).meta({ id: 'CategoryList' });
