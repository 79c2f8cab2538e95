import { z } from 'zod';
import { tagSlug } from '../platform/slugs/tag-slug.js';
import { POST_STATUSES } from './post.entity.js';

/** Largest id of PostgreSQL's integer. */
export const MAX_ID = 2_147_483_647;
const MAX_OFFSET = 10_000;
const SLUG = /^(?!\d+$)[a-z0-9]+(?:-[a-z0-9]+)*$/;
/** Something that can be seen: neither spaces nor control, format and filler characters alone. */
const VISIBLE = /[^\p{C}\p{Z}\s\u{115f}\u{1160}\u{2800}\u{3164}\u{ffa0}]/u;

/** Lengths are counted in characters (code points), as JSON Schema does, not in UTF-16 units. */
const text = (max: number, trimmed: z.ZodString) =>
  trimmed
    .refine((value) => VISIBLE.test(value), { error: 'must not be empty', abort: true })
    .refine((value) => value.length <= max || [...value].length <= max, `must have at most ${max} characters`)
    .meta({ minLength: 1, maxLength: max });

/** Composed, so that one name typed on two systems is one name. */
const name = (max: number) => text(max, z.string().trim().normalize('NFC'));

export const isSlug = (value: string): boolean => value.length <= 100 && SLUG.test(value);

const slug = z
  .string()
  .max(100)
  .regex(SLUG, 'must be lower-case letters, digits and single hyphens, and not digits alone');

const written = {
  title: name(200).describe('Shown as text.'),
  content: text(200_000, z.string()).describe('Markdown (CommonMark with tables); HTML in it is sanitised.'),
  category_name: name(50)
    .optional()
    .describe('Made when there is none of this name, in whatever case. Not together with category_id.'),
  category_id: z.int().min(1).max(MAX_ID).optional(),
  tags: z.array(name(50)).max(10).optional(),
};

const hasOneCategory = (body: { category_name?: unknown; category_id?: unknown }): boolean =>
  body.category_name === undefined || body.category_id === undefined;
const ONE_CATEGORY = { error: 'give category_name or category_id, not both', path: ['category_id'] };

const status = z.enum(POST_STATUSES);

export const newPostSchema = z
  .strictObject({
    ...written,
    slug: slug.optional().describe('Made from the title when left out.'),
    status: status.default('published'),
  })
  .refine(hasOneCategory, ONE_CATEGORY)
  .meta({ id: 'NewPost', description: 'Without a category it goes into General.' });
export type NewPost = z.output<typeof newPostSchema>;

export const replacedPostSchema = z
  .strictObject({
    ...written,
    slug: slug.optional().describe('Stays when left out: the address of a post. The former one redirects.'),
    status: status.optional().describe('Stays when left out: nothing is published by accident.'),
  })
  .refine(hasOneCategory, ONE_CATEGORY)
  .meta({
    id: 'ReplacedPost',
    description: 'Without a category it goes into General, without tags it has none.',
  });
export type ReplacedPost = z.output<typeof replacedPostSchema>;

export const revisedPostSchema = z
  .strictObject({
    ...written,
    title: written.title.optional(),
    content: written.content.optional(),
    slug: slug.optional().describe('The former one redirects.'),
    status: status.optional(),
  })
  .refine(hasOneCategory, ONE_CATEGORY)
  .meta({ id: 'RevisedPost', description: 'What is left out stays as it is.' });
export type RevisedPost = z.output<typeof revisedPostSchema>;

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .pipe(z.int().min(min).max(max))
    // For the API document, which would show a string.
    .meta({ type: 'integer', minimum: min, maximum: max });

export const postListSchema = z
  .strictObject({
    limit: wholeNumber(1, 100).default(20).describe('Posts a page; 20 when left out.'),
    cursor: z
      .string()
      .optional()
      .describe('From the `next` link of the page before; good for the same filters.'),
    offset: wholeNumber(0, MAX_OFFSET).optional().describe('Posts to skip. Not together with cursor.'),
    category: z.string().min(1).max(200).optional().describe('Slug of a category.'),
    // Posts show the names of their tags, and who has a name need not know how slugs are made.
    tag: z.string().min(1).max(200).transform(tagSlug).optional().describe('Slug of a tag, or its name.'),
    author: z.string().min(1).max(200).optional().describe('User name.'),
    q: z.string().max(200).optional().describe('Words to look for in title, tags and text, in any script.'),
    status: z.literal('draft').optional().describe('Your own drafts instead (all, for administrators).'),
  })
  .refine((query) => query.cursor === undefined || query.offset === undefined, {
    error: 'give cursor or offset, not both',
    path: ['cursor'],
  });
export type PostListQuery = z.output<typeof postListSchema>;

export const postReferenceSchema = z.strictObject({
  id: z.string().describe('The id or the slug of a post.'),
});
