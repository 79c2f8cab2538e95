import type { Transaction } from '../platform/outbox/transaction-runner.js';
import { slugify } from '../platform/slugs/slugify.js';
import { freeSlugs, leadsToAnotherAuthor } from './free-slugs.js';
import { makeWay } from './make-way.js';
import type { ContentFormat, PostStatus } from './post.entity.js';
import { customExcerpt, postTokens, type RenderedContent, tagsOf } from './post-text.js';
import { SlugTaken } from './posts.problems.js';
import type { NewPost } from './posts.schemas.js';

/** A row of `posts`, with members named like its columns. */
export interface NewPostRow {
  readonly slug: string;
  readonly title: string;
  readonly content: string;
  readonly content_format: ContentFormat;
  readonly content_html: string;
  readonly excerpt: string;
  readonly custom_excerpt: string | null;
  readonly author_id: number | null;
  readonly category_id: number;
  readonly tags: readonly string[];
  readonly tag_slugs: readonly string[];
  readonly status: PostStatus;
  /** Search tokens, separated by spaces. */
  readonly tokens: string;
  /** Default: now. */
  readonly created_at?: Date;
  readonly updated_at?: Date;
}

const INSERT = `
  INSERT INTO posts (slug, title, content, content_format, content_html, excerpt, custom_excerpt, author_id,
    category_id, tags, tag_slugs, status, was_published, search, created_at, updated_at)
  SELECT slug, title, content, content_format, content_html, excerpt, custom_excerpt, author_id,
    category_id, tags, tag_slugs, status, status = 'published', array_to_tsvector(string_to_array(tokens, ' ')), coalesce(created_at, now()), coalesce(updated_at, now())
  FROM json_to_recordset($1::json) AS row (slug text, title text, content text, content_format text, content_html text,
    excerpt text, custom_excerpt text, author_id integer, category_id integer, tags text[], tag_slugs text[], status text, tokens text,
    created_at timestamptz, updated_at timestamptz)
  ON CONFLICT (slug) DO NOTHING
  RETURNING id, slug`;

/** Inserts any number of posts in one statement. @returns ids by slug, without the rows whose slug is taken */
export async function insertPosts(
  tx: Transaction,
  rows: readonly NewPostRow[],
): Promise<ReadonlyMap<string, number>> {
  const inserted = await tx.query<{ id: number; slug: string }>(INSERT, [JSON.stringify(rows)]);
  return new Map(inserted.rows.map(({ id, slug }) => [slug, id]));
}

export function newRow(
  body: NewPost,
  rendered: RenderedContent,
  authorId: number,
  categoryId: number,
): NewPostRow {
  const { tags, tagSlugs } = tagsOf(body.tags ?? []);
  return {
    slug: body.slug ?? slugify(body.title),
    title: body.title,
    content: body.content,
    content_format: 'markdown',
    content_html: rendered.contentHtml,
    excerpt: rendered.excerpt,
    custom_excerpt: customExcerpt(body.excerpt),
    author_id: authorId,
    category_id: categoryId,
    tags,
    tag_slugs: tagSlugs,
    status: body.status,
    tokens: postTokens(body.title, tags, rendered.textTokens),
  };
}

/** Inserts with the given slug or fails. A slug made from the title gets a number if it is taken. */
export async function insertWithSlug(
  tx: Transaction,
  row: NewPostRow,
  requestedSlug: string | undefined,
  seenBy: number | undefined,
): Promise<{ id: number; slug: string }> {
  if (requestedSlug !== undefined && (await leadsToAnotherAuthor(tx, requestedSlug, row.author_id)))
    throw new SlugTaken(requestedSlug);
  for (;;) {
    const slug = requestedSlug ?? (await freeSlugs(tx, 'post', row.slug, 1, seenBy))[0]!;
    if (seenBy !== undefined) await makeWay(tx, 'post', slug, seenBy);
    const id = (await insertPosts(tx, [{ ...row, slug }])).get(slug);
    if (id !== undefined) return { id, slug };
    if (requestedSlug !== undefined) throw new SlugTaken(requestedSlug);
  }
}
