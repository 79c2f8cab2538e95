import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import type { Provenance } from '../platform/coherence/coherence.js';
import { CostlyReads } from '../platform/database/costly-reads.js';
import type { Transaction } from '../platform/outbox/transaction-runner.js';
import { type CategoryAndAuthor, type Placed, readCategoryAndAuthor } from './category-and-author.js';
import type { Position } from './cursor.js';
import { DELETED_AUTHOR } from './post.entity.js';
import { searchQuery } from './search-tokens.js';

export interface PostFilter {
  /** Slugs. */
  readonly category?: string | undefined;
  readonly tag?: string | undefined;
  /** User name. */
  readonly author?: string | undefined;
  /** Search words. */
  readonly q?: string | undefined;
}

export interface PostList extends PostFilter {
  readonly limit: number;
  /** Starts after this post. Not together with `offset`. */
  readonly after?: Position | undefined;
  readonly offset?: number | undefined;
  /** Drafts instead of published posts: of one author, or of all authors if null. */
  readonly draftsOf?: number | null | undefined;
  /** The id of `author`, if another process looks up names. Null if no account has the name. */
  readonly authorId?: number | null | undefined;
}

/** Up to here, skipping rows costs less than reading the page. */
const DEEP_OFFSET = 1_000;

/** Can the caller drive up the cost of this list? */
export const isCostlyList = ({ q, offset = 0 }: Pick<PostList, 'q' | 'offset'>): boolean =>
  q !== undefined || offset > DEEP_OFFSET;

/** The reader. Drafts are visible to their author and to administrators. */
export interface Viewer {
  readonly userId: number | null;
  readonly isAdmin: boolean;
}

export const ANYBODY: Viewer = { userId: null, isAdmin: false };

/** Each connection prepares a named statement once. Statements whose best plan depends on their values have no name. */
export interface Statement {
  readonly name?: string;
  readonly text: string;
  readonly values: unknown[];
}
type NamedStatement = Statement & { readonly name: string };

/** Names come from the same statement, or from another process by id. */
export type AuthorSource = 'joined' | 'remote';

export interface PostPageRow {
  /** A JSON array. */
  readonly body: string;
  /** The author of each post; null if the account was deleted. */
  readonly author_ids: (number | null)[];
  /** The category of each post. */
  readonly category_ids: number[];
  /** `created_at` in milliseconds (a bigint, as text) and id of the last post, if there are more. */
  readonly last_at: string | null;
  readonly last_id: number | null;
  readonly snapshot: string;
  /** Provenance of the names that another process returned. */
  readonly inputs?: readonly Provenance[];
}

/** The ids of the categories on a page. */
export const categoriesOf = ({ category_ids }: PostPageRow): number[] => [...new Set(category_ids)];

/** The ids of the authors on a page. */
export const authorsOf = ({ author_ids }: PostPageRow): number[] =>
  [...new Set(author_ids)].filter((id) => id !== null);

export interface FoundPostRow {
  /** If there is no such post, everything except `snapshot` is null. */
  readonly id: number | null;
  /** Differs from the requested slug if that is a former one. */
  readonly slug: string;
  readonly version: number;
  readonly is_public: boolean;
  readonly author_id: number | null;
  readonly category_id: number;
  /** A JSON object. */
  readonly body: string;
  readonly snapshot: string;
  /** Provenance of the names that another process returned. */
  readonly inputs?: readonly Provenance[];
}

export interface FormerAddressRow {
  /** Null if no post had this path. */
  readonly post_id: number | null;
  /** Null if the post is not published. */
  readonly slug: string | null;
  readonly snapshot: string;
}

export const ADMINISTRATOR: Viewer = { userId: null, isAdmin: true };

const FORMER_ADDRESS = `
  SELECT f.post_id, p.slug, pg_current_snapshot()::text AS snapshot
  FROM (VALUES (1)) AS always LEFT JOIN former_addresses f ON f.path = $1
    LEFT JOIN posts p ON p.id = f.post_id AND p.status = 'published'`;

const isoTime = (value: string): string =>
  `to_char(${value} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** Once published, a post keeps the date of its first publication (docs/decisions/publication-time.md). */
const TIMES = [
  `${isoTime('p.created_at')} AS created_at`,
  `${isoTime('CASE WHEN p.was_published THEN p.created_at END')} AS published_at`,
  `${isoTime('p.updated_at')} AS updated_at`,
].join(', ');

const AUTHORS: Readonly<Record<AuthorSource, string>> = {
  joined: `coalesce(a.username, '${DELETED_AUTHOR}') AS author,
    coalesce(nullif(a.display_name, ''), a.username, '${DELETED_AUTHOR}') AS author_display_name`,
  remote: 'p.author_id AS author, NULL AS author_display_name',
};
/** One look-up per post, by id. LIMIT keeps PostgreSQL from joining the whole table instead. */
const FROM_AUTHOR: Readonly<Record<AuthorSource, string>> = {
  joined: `FROM (VALUES (1)) AS always LEFT JOIN LATERAL (
          SELECT u.username, u.display_name FROM users u WHERE u.id = p.author_id LIMIT 1
        ) AS a ON true`,
  remote: '',
};
const EXCERPT = 'coalesce(p.custom_excerpt, p.excerpt) AS excerpt';
const CATEGORY = `(SELECT row_to_json(k) FROM (SELECT c.id, c.name, c.slug) AS k) AS category`;
const NEWEST_FIRST = 'p.created_at DESC, p.id DESC';

/** Collects the values of `$1`, `$2` … in the order in which they are requested. */
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
 * Categories and authors have indexes in the order of the list. This condition is worded differently from the predicate
 * of idx_posts_created. Otherwise PostgreSQL would scan that index to its end for an author with few posts.
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

/** Common page lengths. A statement for every other length would take memory in each connection. */
const PREPARED_LENGTHS: ReadonlySet<number> = new Set([10, 20, 50, 100]);

/**
 * One statement per page. It reads one post more than it shows, to know whether there are more. The length is part of
 * the text: for an unknown LIMIT, PostgreSQL assumes a tenth of the table and plans again each time, which costs as
 * much as the page. Authors and categories are looked up one by one, by their ids.
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
      coalesce(${inOrder('p.category_id')}[:${limit}], '{}') AS category_ids,
      ${lastOfMore(`(extract(epoch FROM ${inOrder('p.created_at')}[${limit}]) * 1000)::bigint`)} AS last_at,
      ${lastOfMore(`${inOrder('p.id')}[${limit}]`)} AS last_id,
      pg_current_snapshot()::text AS snapshot
    FROM (
      SELECT p.id, p.slug, p.title, p.excerpt, p.custom_excerpt, p.tags, p.author_id, p.category_id, p.status, p.was_published,
        p.created_at, p.updated_at
      FROM posts p WHERE ${where} ORDER BY ${NEWEST_FIRST} LIMIT ${list.limit + 1} ${offset}
    ) AS p, LATERAL (
      SELECT p.id, p.slug, p.title,
        ${AUTHORS[source]}, ${EXCERPT},
        (SELECT row_to_json(k) FROM (SELECT c.id, c.name, c.slug FROM categories c WHERE c.id = p.category_id) AS k)
          AS category,
        p.tags${list.draftsOf === undefined ? '' : ', p.status'}, ${TIMES}
        ${FROM_AUTHOR[source]}
    ) AS item`;
  // The better plan depends on how common the tag or word is: its index, or a scan from the newest post on. So these
  // queries are planned each time.
  if (list.tag !== undefined || list.q !== undefined || !PREPARED_LENGTHS.has(list.limit))
    return { text, values: values.all };
  return { name: `posts page ${source} ${limit} ${shapeOf(list)}`, text, values: values.all };
}

/** Names the parts that a statement has. */
const shapeOf = (list: PostList): string =>
  [
    list.draftsOf === undefined ? 'published' : list.draftsOf === null ? 'drafts' : 'own-drafts',
    ...(['category', 'author', 'after', 'offset'] as const).filter((part) => list[part] !== undefined),
  ].join(' ');

/** @param reference an id, or a current or former slug; a post with the current slug takes precedence */
export function postStatement(
  reference: number | string,
  viewer: Viewer,
  source: AuthorSource = 'joined',
): NamedStatement {
  const isId = typeof reference === 'number';
  const isRequested = isId
    ? `p.id = $1`
    : `(p.slug = $1 OR p.id = (SELECT f.post_id FROM former_slugs f WHERE f.slug = $1))`;
  const text = `
    WITH found AS MATERIALIZED (
      SELECT p.* FROM posts p
      WHERE ${isRequested} AND (p.status = 'published' OR p.author_id = $2::integer OR $3::boolean)
      ${isId ? '' : 'ORDER BY p.slug = $1 DESC LIMIT 1'}
    )
    SELECT p.id, p.slug, p.version, p.author_id, p.category_id, p.status = 'published' AS is_public,
      (SELECT row_to_json(post)::text FROM (
        SELECT p.id, p.slug, p.title, p.content, p.content_html, ${EXCERPT}, ${AUTHORS[source]}, ${CATEGORY}, p.tags, p.status, ${TIMES}
        ${FROM_AUTHOR[source]}
      ) AS post) AS body,
      pg_current_snapshot()::text AS snapshot
    FROM (VALUES (1)) AS always LEFT JOIN found p ON true
      LEFT JOIN categories c ON c.id = p.category_id`;
  const values = [reference, viewer.userId, viewer.isAdmin];
  return { name: `post by ${isId ? 'id' : 'slug'} ${source}`, text, values };
}

/** The hot reads, in one statement each. PostgreSQL builds the JSON, and the snapshot tells its age. */
@Injectable()
export class PostsQueries {
  constructor(
    protected readonly pool: Pool,
    private readonly costly: CostlyReads,
  ) {}

  page(list: PostList): Promise<PostPageRow> {
    return this.readPage(list, 'joined');
  }

  protected async readPage(list: PostList, source: AuthorSource): Promise<PostPageRow> {
    const statement = pageStatement(list, source);
    const { rows } = isCostlyList(list)
      ? await this.costly.query<PostPageRow>(statement)
      : await this.pool.query<PostPageRow>(statement);
    return rows[0]!;
  }

  async find(reference: number | string, viewer: Viewer): Promise<FoundPostRow> {
    const { rows } = await this.pool.query<FoundPostRow>(postStatement(reference, viewer));
    return rows[0]!;
  }

  /** A post as an administrator sees it, in the transaction that wrote it. */
  async findWritten(tx: Transaction, id: number): Promise<FoundPostRow> {
    return (await tx.queryPrepared<FoundPostRow>(postStatement(id, ADMINISTRATOR))).rows[0]!;
  }

  /** For a locked post. Must be a statement after the lock, which may have waited for a change of these names. */
  categoryAndAuthor(tx: Transaction, post: Placed): Promise<CategoryAndAuthor> {
    return readCategoryAndAuthor(tx, post);
  }

  /** @param path of the post in the system it was imported from */
  async findFormerAddress(path: string): Promise<FormerAddressRow> {
    const { rows } = await this.pool.query<FormerAddressRow>({
      name: 'former address',
      text: FORMER_ADDRESS,
      values: [path],
    });
    return rows[0]!;
  }
}
