import { z } from 'zod';
import { MAX_ID } from '../platform/openapi/api-values.js';
import { wholeNumber } from '../platform/openapi/whole-number.js';
import { tagSlug } from '../platform/slugs/tag-slug.js';
import { normalise } from '../platform/text/normalise.js';
import { MAX_CURSOR_LENGTH } from './cursor.js';
import { POST_STATUSES } from './post.entity.js';
import { POST_SORTS } from './post-list.js';

const MAX_CONTENT = 200_000;
const MAX_OFFSET = 10_000;
const SLUG = /^(?!\d+$)[a-z0-9]+(?:-[a-z0-9]+)*$/;
/** At least one visible character: more than spaces and control, format and filler characters. */
const VISIBLE = /[^\p{C}\p{Z}\s\u{115f}\u{1160}\u{2800}\u{3164}\u{ffa0}]/u;

export const isVisible = (value: string): boolean => VISIBLE.test(value);

/** Lengths are counted in characters (code points), as in JSON Schema, not in UTF-16 units. */
const text = (max: number, trimmed: z.ZodString) =>
  trimmed
    .refine((value) => VISIBLE.test(value), { error: 'must not be empty', abort: true })
    .refine((value) => value.length <= max || [...value].length <= max, `must have at most ${max} characters`)
    .meta({ minLength: 1, maxLength: max });

/** More than the longest spelling of any character. Text above this limit is too long however it is composed. */
const UNITS_PER_CHARACTER = 8;

/** Composed, so that a name typed on two systems is the same name. The length is checked before that. */
const name = (max: number) =>
  text(
    max,
    z
      .string()
      .trim()
      .refine((value) => value.length <= UNITS_PER_CHARACTER * max, {
        error: `must have at most ${max} characters`,
        abort: true,
      })
      .overwrite((value) => normalise(value, 'NFC')),
  );

export const isSlug = (value: string): boolean => value.length <= 100 && SLUG.test(value);

const slug = z
  .string()
  .max(100)
  .regex(SLUG, 'must be lower-case letters, digits and single hyphens, and not digits alone');

/** Empty without anything visible: a form sends an empty text for none. See customExcerpt in post-text.ts. */
const excerpt = z
  .string()
  .trim()
  .refine((value) => [...value].length <= 200, 'must have at most 200 characters')
  .overwrite((value) => (VISIBLE.test(value) ? value : ''))
  .meta({ maxLength: 200, examples: ['How to boil water.'] });

export const categoryNameSchema = name(50).meta({ examples: ['Kitchen'] });

const written = {
  title: name(200)
    .meta({ examples: ['On tea'] })
    .describe('Shown as text.'),
  content: text(MAX_CONTENT, z.string())
    .meta({ examples: ['Boil *water*.'] })
    .describe('Markdown (CommonMark with tables). HTML in it is sanitised.'),
  category_name: categoryNameSchema
    .optional()
    .describe('Created if there is no category with this name, in any case. Not together with category_id.'),
  category_id: z.int().min(1).max(MAX_ID).optional(),
  tags: z
    .array(name(50).meta({ examples: ['tea'] }))
    .max(10)
    .optional(),
  excerpt: excerpt
    .nullable()
    .optional()
    .describe('Plain text for lists. Null or empty: the beginning of the post.'),
};

/** The members of a text in the editor. A draft may be empty. */
export const editedFields = z.strictObject({
  title: written.title.optional(),
  content: z
    .string()
    .refine(
      (value) => value.length <= MAX_CONTENT || [...value].length <= MAX_CONTENT,
      `must have at most ${MAX_CONTENT} characters`,
    )
    .optional(),
  slug: slug.optional(),
  category_name: written.category_name,
  tags: written.tags,
  excerpt: written.excerpt,
});

const hasOneCategory = (body: { category_name?: unknown; category_id?: unknown }): boolean =>
  body.category_name === undefined || body.category_id === undefined;
const ONE_CATEGORY = { error: 'give category_name or category_id, not both', path: ['category_id'] };

const status = z.enum(POST_STATUSES);

export const newPostSchema = z
  .strictObject({
    ...written,
    slug: slug.optional().describe('Default: made from the title.'),
    status: status.default('published'),
  })
  .refine(hasOneCategory, ONE_CATEGORY)
  .meta({ id: 'NewPost', description: 'Default: the category General.' });
export type NewPost = z.output<typeof newPostSchema>;

export const replacedPostSchema = z
  .strictObject({
    ...written,
    slug: slug
      .optional()
      .describe('Default: unchanged, as it is the address of a post. The former slug redirects.'),
    status: status.optional().describe('Default: unchanged, so that nothing is published by accident.'),
  })
  .refine(hasOneCategory, ONE_CATEGORY)
  .meta({
    id: 'ReplacedPost',
    description:
      'Without a category it goes into General; without tags it has none, and without an excerpt the automatic one.',
  });
export type ReplacedPost = z.output<typeof replacedPostSchema>;

export const revisedPostSchema = z
  .strictObject({
    ...written,
    title: written.title.optional(),
    content: written.content.optional(),
    slug: slug.optional().describe('The former slug redirects.'),
    status: status.optional(),
  })
  .refine(hasOneCategory, ONE_CATEGORY)
  .meta({
    id: 'RevisedPost',
    description: 'Omitted members stay unchanged.',
    examples: [{ title: 'On green tea', status: 'published' }],
  });
export type RevisedPost = z.output<typeof revisedPostSchema>;

export const restoredPostSchema = z
  .strictObject({ slug: slug.optional().describe('Default: the slug that the post had.') })
  .default({})
  .meta({ id: 'RestoredPost', examples: [{}, { slug: 'on-tea-again' }] });
export type RestoredPost = z.output<typeof restoredPostSchema>;

/** Stands for the caller. No user name is that short. */
export const ME = 'me';

/** Is it a list of the signed-in user, with drafts? */
export const isOfWriter = ({ author, status: of }: { author?: unknown; status?: unknown }): boolean =>
  author === ME || of !== undefined;

export const postListSchema = z
  .strictObject({
    limit: wholeNumber(1, 100).default(20).describe('Posts per page. Default: 20.'),
    cursor: z
      .string()
      .meta({ maxLength: MAX_CURSOR_LENGTH, pattern: `^[A-Za-z0-9_-]{16,${MAX_CURSOR_LENGTH}}$` })
      .optional()
      .describe('From the `next` link of the previous page. Valid for the same filters only.'),
    offset: wholeNumber(0, MAX_OFFSET).optional().describe('Posts to skip. Not together with cursor.'),
    category: z.string().min(1).max(200).optional().describe('Slug of a category.'),
    // Posts show the names of their tags, and a client with a name need not know how slugs are made.
    tag: z.string().min(1).max(200).transform(tagSlug).optional().describe('Slug or name of a tag.'),
    author: z.string().min(1).max(200).optional().describe('User name; `me`: your own posts, drafts too.'),
    q: z.string().max(200).optional().describe('Words to search for in title, tags and text, in any script.'),
    status: status
      .optional()
      .describe('`draft`: your own drafts; for administrators, all drafts. With `author=me`, only your own.'),
    sort: z
      .enum(POST_SORTS)
      .optional()
      .describe('With `author=me` or `status=draft`. By publication, last change or title. Default: newest.'),
  })
  .refine((query) => query.cursor === undefined || query.offset === undefined, {
    error: 'give cursor or offset, not both',
    path: ['cursor'],
  })
  .refine((query) => query.status !== 'published' || query.author === ME, {
    error: 'give author=me, or leave it out: everybody sees published posts',
    path: ['status'],
  })
  .refine((query) => query.sort === undefined || isOfWriter(query), {
    error: 'is only for your own posts: give author=me or status=draft',
    path: ['sort'],
  });
export type PostListQuery = z.output<typeof postListSchema>;

export const postReferenceSchema = z.strictObject({
  id: z
    .string()
    .meta({ maxLength: 100, examples: ['on-tea'] })
    .describe('Id or slug of a post.'),
});

/** Several posts in the trash may have had the same slug. */
export const trashedReferenceSchema = z.strictObject({
  id: z
    .string()
    .meta({ maxLength: 10, pattern: '^[1-9][0-9]*$', examples: ['5'] })
    .describe('Id of a post.'),
});
