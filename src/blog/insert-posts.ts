import type { Transaction } from '../platform/database/transaction-runner.js';
import type { ContentFormat, PostStatus } from './post.entity.js';

/** A row of `posts`, named as its columns. */
export interface NewPostRow {
  readonly slug: string;
  readonly title: string;
  readonly content: string;
  readonly content_format: ContentFormat;
  readonly content_html: string;
  readonly excerpt: string;
  readonly author_id: number | null;
  readonly category_id: number;
  readonly tags: readonly string[];
  readonly tag_slugs: readonly string[];
  readonly status: PostStatus;
  readonly tokens: readonly string[];
  /** Now, when left out. */
  readonly created_at?: Date;
  readonly updated_at?: Date;
}

const INSERT = `
  INSERT INTO posts (slug, title, content, content_format, content_html, excerpt, author_id, category_id, tags, tag_slugs,
    status, was_published, search, created_at, updated_at)
  SELECT slug, title, content, content_format, content_html, excerpt, author_id, category_id, tags, tag_slugs,
    status, status = 'published', array_to_tsvector(tokens), coalesce(created_at, now()), coalesce(updated_at, now())
  FROM json_to_recordset($1::json) AS row (slug text, title text, content text, content_format text, content_html text,
    excerpt text, author_id integer, category_id integer, tags text[], tag_slugs text[], status text, tokens text[],
    created_at timestamptz, updated_at timestamptz)
  ON CONFLICT (slug) DO NOTHING
  RETURNING id, slug`;

/** Inserts any number of posts by one statement. @returns ids by slug; a row whose slug is taken is left out */
export async function insertPosts(
  tx: Transaction,
  rows: readonly NewPostRow[],
): Promise<ReadonlyMap<string, number>> {
  const inserted = await tx.query<{ id: number; slug: string }>(INSERT, [JSON.stringify(rows)]);
  return new Map(inserted.rows.map(({ id, slug }) => [slug, id]));
}
