import { z } from 'zod';

/** Old exports have numeric ids, newer ones have strings. */
const id = z.union([z.string(), z.number()]).transform(String);
const text = z.string().nullish();
/** Ghost before 1.0 wrote milliseconds. */
const date = z
  .union([z.string(), z.number().transform((ms) => new Date(ms).toISOString())])
  .nullish()
  .catch(undefined);

/** A post of any version since 0.5. Columns came and went, so nearly all are optional. */
export const ghostPostSchema = z.looseObject({
  id,
  uuid: text,
  title: z.string(),
  slug: text,
  html: text,
  lexical: text,
  mobiledoc: text,
  markdown: text,
  status: z.string().default('published'),
  type: text,
  page: z.union([z.boolean(), z.number()]).nullish(),
  visibility: text,
  custom_excerpt: text.catch(undefined),
  author_id: id.nullish(),
  created_at: date,
  published_at: date,
  updated_at: date,
});
export type GhostPost = z.output<typeof ghostPostSchema>;

const userSchema = z.looseObject({ id, slug: text, name: text });
const tagSchema = z.looseObject({ id, name: z.string(), visibility: text });
const sortOrder = z.number().nullish();

const rows = <Row extends z.ZodType>(row: Row) =>
  z
    .array(row)
    .nullish()
    .transform((list) => list ?? []);

/** Posts are only checked one by one, so that a broken one does not affect the others. */
export const ghostDataSchema = z.looseObject({
  posts: z.array(z.unknown()),
  users: rows(userSchema),
  tags: rows(tagSchema),
  posts_tags: rows(z.looseObject({ post_id: id, tag_id: id, sort_order: sortOrder })),
  posts_authors: rows(z.looseObject({ post_id: id, author_id: id, sort_order: sortOrder })),
  posts_meta: rows(z.looseObject({ post_id: id })),
});
export type GhostData = z.output<typeof ghostDataSchema>;
