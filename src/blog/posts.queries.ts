import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import type { Provenance } from '../platform/coherence/coherence.js';
import type { Transaction } from '../platform/database/transaction-runner.js';
import type { Position } from './cursor.js';
import { searchQuery } from './search-tokens.js';

export interface PostFilter {
  /** Slugs. */
  readonly category?: string | undefined;
  readonly tag?: string | undefined;
  /** User name. */
  readonly author?: string | undefined;
  /** Words to look for. */
  readonly q?: string | undefined;
}

export interface PostList extends PostFilter {
  readonly limit: number;
  /** Begins after this post; not together with `offset`. */
  readonly after?: Position | undefined;
  readonly offset?: number | undefined;
  /** Drafts instead of published posts: of one author, or with null of all. */
  readonly draftsOf?: number | null | undefined;
  /** Whose name `author` is, where it had to be asked for. Null: nobody's. */
  readonly authorId?: number | null | undefined;
}

/** Who looks: a draft is shown to its author and to administrators. */
export interface Viewer {
  readonly userId: number | null;
  readonly isAdmin: boolean;
}

export const ANYBODY: Viewer = { userId: null, isAdmin: false };

/** Named statements are prepared once a connection; those whose best plan depends on their values are planned each time. */
export interface Statement {
  readonly name?: string;
  readonly text: string;
  readonly values: unknown[];
}

/** Whether names come from the same statement, or another process is asked for them by id. */
export type AuthorSource = 'joined' | 'asked';

export interface PostPageRow {
  /** A JSON array. */
  readonly body: string;
  /** Of each post; null where the author has been deleted. */
  readonly author_ids: (number | null)[];
  /** Of the last post, when there are more: milliseconds (as text, a bigint) and id. */
  readonly last_at: string | null;
  readonly last_id: number | null;
  readonly snapshot: string;
  /** Where names were asked for: what was answered. */
  readonly inputs?: readonly Provenance[];
}

/** Ids of those who wrote the posts of a page. */
export const authorsOf = ({ author_ids }: PostPageRow): number[] =>
  [...new Set(author_ids)].filter((id) => id !== null);

export interface FoundPostRow {
  /** Null in all but `snapshot` when there is no such post. */
  readonly id: number | null;
  /** Another one than was asked for: this one leads to it. */
  readonly slug: string;
  readonly version: number;
  readonly is_public: boolean;
  readonly author_id: number | null;
  /** A JSON object. */
  readonly body: string;
  readonly snapshot: string;
  /** Where names were asked for: what was answered. */
  readonly inputs?: readonly Provenance[];
}

export interface FormerAddressRow {
  /** Null when no post had this path. */
  readonly post_id: number | null;
  /** Null when the post is not published. */
  readonly slug: string | null;
  readonly snapshot: string;
}

const AUTHOR_NAME = 'SELECT username FROM users WHERE id = $1';

const FORMER_ADDRESS = `
  SELECT f.post_id, p.slug, pg_current_snapshot()::text AS snapshot
  FROM (VALUES (1)) AS always LEFT JOIN former_addresses f ON f.path = $1
    LEFT JOIN posts p ON p.id = f.post_id AND p.status = 'published'`;

const isoTime = (column: string): string =>
  `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS ${column.split('.')[1]}`;

const AUTHORS: Readonly<Record<AuthorSource, string>> = {
  joined: `coalesce((SELECT u.username FROM users u WHERE u.id = p.author_id), '[deleted]')`,
  asked: 'p.author_id',
};
const CATEGORY = `(SELECT row_to_json(k) FROM (SELECT c.id, c.name, c.slug) AS k) AS category`;
const NEWEST_FIRST = 'p.created_at DESC, p.id DESC';

/** The `$n` of each value, in the order they are asked for. */
class Values {
  readonly all: unknown[] = [];

  add(value: unknown): string {
    return `$${this.all.push(value)}`;
  }
}

function matches(q: string, values: Values): string {
  const query = searchQuery(q);
  return query === null ? 'false' : `p.search @@ ${values.add(query)}::tsquery`;
}

/**
 * A category and an author have an index of their own, in the order of the list. Said in other words than the predicate of
 * idx_posts_created, which PostgreSQL would else walk to its end for an author of few posts, when the others have many.
 */
function statusOf({ draftsOf, category, author }: PostList): string {
  if (draftsOf !== undefined) return `p.status = 'draft'`;
  return category === undefined && author === undefined ? `p.status = 'published'` : `p.status <> 'draft'`;
}

function conditions(list: PostList, values: Values): string[] {
  const where = [statusOf(list)];
  if (typeof list.draftsOf === 'number') where.push(`p.author_id = ${values.add(list.draftsOf)}`);
  if (list.category !== undefined) {
    where.push(`p.category_id = (SELECT id FROM categories WHERE slug = ${values.add(list.category)})`);
  }
  if (list.authorId !== undefined) {
    where.push(`p.author_id = ${values.add(list.authorId)}::integer`);
  } else if (list.author !== undefined) {
    where.push(`p.author_id = (SELECT id FROM users WHERE username = ${values.add(list.author)})`);
  }
  if (list.tag !== undefined) where.push(`p.tag_slugs @> ARRAY[${values.add(list.tag)}::text]`);
  if (list.q !== undefined) where.push(matches(list.q, values));
  if (list.after !== undefined) {
    const createdAt = values.add(new Date(list.after.createdAt).toISOString());
    where.push(`(p.created_at, p.id) < (${createdAt}::timestamptz, ${values.add(list.after.id)}::integer)`);
  }
  return where;
}

/** Lengths of a page that are asked for again and again. Every other would be one more statement in each connection's memory. */
const PREPARED_LENGTHS: ReadonlySet<number> = new Set([10, 20, 50, 100]);

/**
 * One statement a page: reads one post more than it shows, to know whether there are more. The length is part of the text:
 * PostgreSQL takes an unknown LIMIT for a tenth of the table, and then plans each time anew, which costs as much as the page.
 * Authors and categories are looked up a row at a time, by their ids.
 */
export function pageStatement(list: PostList, source: AuthorSource = 'joined'): Statement {
  const values = new Values();
  const limit = list.limit.toFixed();
  const where = conditions(list, values).join(' AND ');
  const offset = list.offset === undefined ? '' : `OFFSET ${values.add(list.offset)}::integer`;
  const inOrder = (value: string): string => `(array_agg(${value} ORDER BY ${NEWEST_FIRST}))`;
  const lastOfMore = (value: string): string => `CASE WHEN count(*) > ${limit} THEN ${value} END`;
  const text = `
    SELECT '[' || coalesce(array_to_string(${inOrder('row_to_json(item)::text')}[:${limit}], ','), '') || ']' AS body,
      coalesce(${inOrder('p.author_id')}[:${limit}], '{}') AS author_ids,
      ${lastOfMore(`(extract(epoch FROM ${inOrder('p.created_at')}[${limit}]) * 1000)::bigint`)} AS last_at,
      ${lastOfMore(`${inOrder('p.id')}[${limit}]`)} AS last_id,
      pg_current_snapshot()::text AS snapshot
    FROM (
      SELECT p.id, p.slug, p.title, p.excerpt, p.tags, p.author_id, p.category_id, p.created_at, p.updated_at
      FROM posts p WHERE ${where} ORDER BY ${NEWEST_FIRST} LIMIT ${list.limit + 1} ${offset}
    ) AS p, LATERAL (
      SELECT p.id, p.slug, p.title,
        ${AUTHORS[source]} AS author, p.excerpt,
        (SELECT row_to_json(k) FROM (SELECT c.id, c.name, c.slug FROM categories c WHERE c.id = p.category_id) AS k)
          AS category,
        p.tags, ${isoTime('p.created_at')}, ${isoTime('p.updated_at')}
    ) AS item`;
  // How common a tag or a word is decides between its index and a walk from the newest post on.
  if (list.tag !== undefined || list.q !== undefined || !PREPARED_LENGTHS.has(list.limit))
    return { text, values: values.all };
  return { name: `posts page ${source} ${limit} ${shapeOf(list)}`, text, values: values.all };
}

/** Names which parts a statement has. */
const shapeOf = (list: PostList): string =>
  [
    list.draftsOf === undefined ? 'published' : list.draftsOf === null ? 'drafts' : 'own-drafts',
    ...(['category', 'author', 'after', 'offset'] as const).filter((part) => list[part] !== undefined),
  ].join(' ');

/** @param reference an id, or a slug, which may be a former one: a post that has it now comes first */
export function postStatement(
  reference: number | string,
  viewer: Viewer,
  source: AuthorSource = 'joined',
): Statement {
  const isId = typeof reference === 'number';
  const wanted = isId
    ? `p.id = $1`
    : `(p.slug = $1 OR p.id = (SELECT f.post_id FROM former_slugs f WHERE f.slug = $1))`;
  const text = `
    WITH found AS MATERIALIZED (
      SELECT p.* FROM posts p
      WHERE ${wanted} AND (p.status = 'published' OR p.author_id = $2::integer OR $3::boolean)
      ${isId ? '' : 'ORDER BY p.slug = $1 DESC LIMIT 1'}
    )
    SELECT p.id, p.slug, p.version, p.author_id, p.status = 'published' AS is_public,
      (SELECT row_to_json(post)::text FROM (
        SELECT p.id, p.slug, p.title, p.content, p.content_html, ${AUTHORS[source]} AS author, ${CATEGORY}, p.tags, p.status,
          ${isoTime('p.created_at')}, ${isoTime('p.updated_at')}
      ) AS post) AS body,
      pg_current_snapshot()::text AS snapshot
    FROM (VALUES (1)) AS always LEFT JOIN found p ON true
      LEFT JOIN categories c ON c.id = p.category_id`;
  const values = [reference, viewer.userId, viewer.isAdmin];
  return { name: `post by ${isId ? 'id' : 'slug'} ${source}`, text, values };
}

/** The hot reads: one statement each, whose JSON PostgreSQL builds and whose snapshot tells how old it is. */
@Injectable()
export class PostsQueries {
  constructor(protected readonly pool: Pool) {}

  async page(list: PostList): Promise<PostPageRow> {
    const { rows } = await this.pool.query<PostPageRow>(pageStatement(list));
    return rows[0]!;
  }

  async find(reference: number | string, viewer: Viewer): Promise<FoundPostRow> {
    const { rows } = await this.pool.query<FoundPostRow>(postStatement(reference, viewer));
    return rows[0]!;
  }

  /** A post as an administrator sees it, in the transaction that wrote it. */
  async findWritten(tx: Transaction, id: number): Promise<FoundPostRow> {
    const { text, values } = postStatement(id, { userId: null, isAdmin: true });
    return (await tx.query<FoundPostRow>(text, values)).rows[0]!;
  }

  /** Null: the account was deleted. */
  async authorName(tx: Transaction, authorId: number | null): Promise<string | null> {
    const { rows } = await tx.query<{ username: string }>(AUTHOR_NAME, [authorId]);
    return rows[0]?.username ?? null;
  }

  /** @param path as the system a post was imported from had it */
  async findFormerAddress(path: string): Promise<FormerAddressRow> {
    const { rows } = await this.pool.query<FormerAddressRow>({
      name: 'former address',
      text: FORMER_ADDRESS,
      values: [path],
    });
    return rows[0]!;
  }
}
