import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import type { Principal } from '../platform/access/principal.js';
import { Housekeeping } from '../platform/database/housekeeping.js';
import type { Transaction } from '../platform/outbox/transaction-runner.js';
import { CategoriesService } from './categories.service.js';
import { type EditablePost, stateOf } from './editable-post.js';
import type { EditableText } from './editable-text.js';
import { freeSlugs, leadsToAnotherAuthor } from './free-slugs.js';
import { makeWay } from './make-way.js';
import type { PostStatus } from './post.entity.js';
import { PostRemoved } from './posts.events.js';
import { PostInTrash, PostNotYours, SlugTakenMeanwhile } from './posts.problems.js';
import { whoseView } from './whose-view.js';

export { SlugTakenMeanwhile } from './posts.problems.js';

const KEEP = `interval '30 days'`;

/** The subqueries see the rows that the deletion takes along. */
const MOVE = `
  WITH gone AS (DELETE FROM posts WHERE id = $1 RETURNING *)
  INSERT INTO trashed_posts (id, author_id, category_name, post, working_copy, former_slugs, former_paths, source_keys)
  SELECT gone.id, gone.author_id, c.name, to_jsonb(gone),
    (SELECT to_jsonb(w) FROM working_copies w WHERE w.post_id = gone.id),
    ARRAY(SELECT f.slug FROM former_slugs f WHERE f.post_id = gone.id),
    ARRAY(SELECT f.path FROM former_addresses f WHERE f.post_id = gone.id),
    ARRAY(SELECT i.source_key FROM imported_posts i WHERE i.post_id = gone.id)
  FROM gone JOIN categories c ON c.id = gone.category_id`;

const LOCK = `
  SELECT id, author_id AS "authorId", category_name AS "categoryName", post->>'slug' AS slug
  FROM trashed_posts WHERE id = $1 AND trashed_at > now() - ${KEEP} FOR UPDATE`;

/** The columns that a post had when it was deleted, and that the table still has. New ones get their defaults. */
const COLUMNS = `
  SELECT string_agg(quote_ident(attname), ', ') AS columns FROM pg_attribute
  WHERE attrelid = 'posts'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
    AND (SELECT post FROM trashed_posts WHERE id = $1) ? attname`;

const putBack = (columns: string): string => `
  INSERT INTO posts (${columns}) OVERRIDING SYSTEM VALUE
  SELECT ${columns} FROM (
    SELECT (jsonb_populate_record(NULL::posts, t.post || jsonb_build_object(
      'slug', $2::text, 'category_id', $3::integer, 'version', (t.post->>'version')::integer + 1))).*
    FROM trashed_posts t WHERE t.id = $1
  ) AS post ON CONFLICT (slug) DO NOTHING`;

/** An address that another post has taken over meanwhile stays with that post. */
const PUT_BACK_THE_REST = [
  `INSERT INTO former_slugs (slug, post_id) SELECT f.slug, t.id FROM trashed_posts t, unnest(t.former_slugs) AS f (slug)
   WHERE t.id = $1 AND NOT EXISTS (SELECT FROM posts p WHERE p.slug = f.slug) ON CONFLICT (slug) DO NOTHING`,
  `INSERT INTO former_addresses (path, post_id)
   SELECT f.path, t.id FROM trashed_posts t, unnest(t.former_paths) AS f (path) WHERE t.id = $1
   ON CONFLICT (path) DO NOTHING`,
  `UPDATE imported_posts i SET post_id = t.id FROM trashed_posts t
   WHERE t.id = $1 AND i.source_key = ANY(t.source_keys) AND i.post_id IS NULL`,
  `INSERT INTO working_copies SELECT w.* FROM trashed_posts t, jsonb_populate_record(NULL::working_copies, t.working_copy) AS w
   WHERE t.id = $1 AND t.working_copy IS NOT NULL`,
  'DELETE FROM trashed_posts WHERE id = $1',
];

const READ = `
  SELECT author_id AS "authorId", category_name, trashed_at, working_copy IS NOT NULL AS has_copy,
    post->>'status' AS status, (post->>'was_published')::boolean AS was_published, post->>'slug' AS post_slug,
    (post->>'created_at')::timestamptz AS created_at, (post->>'updated_at')::timestamptz AS updated_at,
    jsonb_build_object('title', post->'title', 'content', post->'content', 'slug', post->'slug',
      'category_name', category_name, 'tags', post->'tags', 'excerpt', post->'custom_excerpt')
      || coalesce(jsonb_strip_nulls(working_copy->'text'), '{}') AS text
  FROM trashed_posts WHERE id = $1 AND trashed_at > now() - ${KEEP}`;

const LIST = `
  SELECT t.id, t.post->>'title' AS title, t.post->>'slug' AS slug, t.post->>'status' AS status, t.trashed_at,
    t.trashed_at + ${KEEP} AS gone_at
  FROM trashed_posts t
  WHERE ($1::integer IS NULL OR t.author_id = $1) AND t.trashed_at > now() - ${KEEP}
  ORDER BY t.trashed_at DESC, t.id DESC LIMIT $2 OFFSET $3`;

export interface TrashedPost {
  readonly id: number;
  readonly title: string;
  readonly slug: string;
  readonly status: PostStatus;
  readonly trashed_at: Date;
  /** When it is deleted for good. */
  readonly gone_at: Date;
}

/** A deleted post for its editor. */
export interface TrashedText {
  readonly text: EditableText;
  readonly status: PostStatus;
  readonly has_copy: boolean;
  readonly was_published: boolean;
  readonly post_slug: string;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly trashed_at: Date;
}

interface LockedTrash {
  readonly id: number;
  readonly authorId: number | null;
  readonly categoryName: string;
  readonly slug: string;
}

/**
 * Deleted posts, for 30 days. They are rows of another table, so to everything that reads posts they do not exist, and
 * their slugs are free.
 */
@Injectable()
export class PostTrash {
  constructor(
    private readonly pool: Pool,
    private readonly categories: CategoriesService,
    housekeeping: Housekeeping,
  ) {
    housekeeping.register(
      'posts in the trash',
      `DELETE FROM trashed_posts WHERE trashed_at <= now() - ${KEEP}`,
    );
  }

  /** To readers, the locked post is deleted. */
  async move(tx: Transaction, { post, category, author }: EditablePost): Promise<void> {
    await tx.query(MOVE, [post.id]);
    await this.categories.removeIfEmpty(tx, category.id);
    if (post.status === 'published') tx.record(PostRemoved({ post: stateOf(post, category, author) }));
  }

  /**
   * Puts a post back under its id, with its dates, and with the slug that it had or the given one. The caller records the
   * event.
   * @returns false if the trash does not hold the post, or only for its author
   * @throws PostNotYours 403, SlugTakenMeanwhile 409, RateLimited 429
   */
  async restore(tx: Transaction, id: number, principal: Principal, slug?: string): Promise<boolean> {
    const trashed = (await tx.query<LockedTrash>(LOCK, [id])).rows[0];
    if (trashed === undefined) return false;
    if (principal.role !== 'admin') {
      if (trashed.authorId !== principal.userId) return false;
      if (principal.role === 'reader') throw new PostNotYours();
    }
    await this.putBack(tx, trashed, principal, slug ?? trashed.slug);
    return true;
  }

  /** @throws PostInTrash 409 if the post is in the trash, for those who may restore it */
  async assertNotThere(tx: Transaction, id: number, { role, userId }: Principal): Promise<void> {
    const trashed = (await tx.query<LockedTrash>(LOCK, [id])).rows[0];
    if (trashed !== undefined && (role === 'admin' || trashed.authorId === userId)) throw new PostInTrash();
  }

  /** @returns null if the trash does not hold the post, or only for its author */
  async read(tx: Transaction, id: number, { role, userId }: Principal): Promise<TrashedText | null> {
    const trashed = (await tx.query<TrashedText & LockedTrash>(READ, [id])).rows[0];
    return trashed !== undefined && (role === 'admin' || trashed.authorId === userId) ? trashed : null;
  }

  private async putBack(
    tx: Transaction,
    { id, authorId, categoryName }: LockedTrash,
    principal: Principal,
    slug: string,
  ): Promise<void> {
    const seenBy = whoseView(principal);
    const refuse = async (): Promise<never> => {
      throw new SlugTakenMeanwhile(slug, (await freeSlugs(tx, 'post', slug, 1, seenBy))[0]!);
    };
    if (await leadsToAnotherAuthor(tx, slug, authorId)) return refuse();
    if (seenBy !== undefined) await makeWay(tx, 'post', slug, seenBy);
    const category = await this.categories.choose(tx, { category_name: categoryName }, principal);
    const { columns } = (await tx.query<{ columns: string }>(COLUMNS, [id])).rows[0]!;
    const inserted = await tx.query(putBack(columns), [id, slug, category.id]);
    if (inserted.rowCount === 0) return refuse();
    for (const statement of PUT_BACK_THE_REST) await tx.query(statement, [id]);
  }

  /** Newest first. @param authorId null for all authors */
  async list(
    authorId: number | null,
    { limit, offset }: { limit: number; offset: number },
  ): Promise<TrashedPost[]> {
    return (await this.pool.query<TrashedPost>(LIST, [authorId, limit, offset])).rows;
  }
}
