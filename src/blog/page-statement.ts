import type { Provenance } from '../platform/coherence/coherence.js';
import type { Position } from './cursor.js';
import { AUTHORS, type AuthorSource, EXCERPT, FROM_AUTHOR, TIMES } from './post-columns.js';
import { orderOf, type PostList, type PostOrder } from './post-list.js';
import { searchQuery } from './search-tokens.js';

/** Each connection prepares a named statement once. Statements whose best plan depends on their values have no name. */
export interface Statement {
  readonly name?: string;
  readonly text: string;
  readonly values: unknown[];
}

export interface PostPageRow {
  /** A JSON array. */
  readonly body: string;
  /** The author of each post; null if the account was deleted. */
  readonly author_ids: (number | null)[];
  /** The category of each post. */
  readonly category_ids: number[];
  /** Sort key (a time in milliseconds, as text) and id of the last post, if there are more. */
  readonly last_key: string | null;
  readonly last_id: number | null;
  /** The number of posts on all pages; null unless it is a list of a writer. */
  readonly total: number | null;
  readonly snapshot: string;
  /** Provenance of the names that another process returned. */
  readonly inputs?: readonly Provenance[];
}

/** The ids of the categories on a page. */
export const categoriesOf = ({ category_ids }: PostPageRow): number[] => [...new Set(category_ids)];

/** The ids of the authors on a page. */
export const authorsOf = ({ author_ids }: PostPageRow): number[] =>
  [...new Set(author_ids)].filter((id) => id !== null);

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

const PUBLISHED = `p.status = 'published'`;
/**
 * Categories and authors have indexes in the order of the list. This condition is worded differently from the predicate
 * of idx_posts_created. Otherwise PostgreSQL would scan that index to its end for an author with few posts.
 */
const NOT_DRAFT = `p.status <> 'draft'`;

function statusOf({ writer, category, author }: PostList): string[] {
  const status = writer === undefined ? 'published' : writer.status;
  if (status === undefined) return [];
  if (status === 'draft') return [`p.status = 'draft'`];
  const isOfAll = category === undefined && author === undefined && typeof writer?.authorId !== 'number';
  return [isOfAll ? PUBLISHED : NOT_DRAFT];
}

/** The conditions for all pages. */
function conditions(list: PostList, values: Values): string {
  const where = statusOf(list);
  const { writer } = list;
  if (writer !== undefined && writer.authorId !== null)
    where.push(`p.author_id = ${values.add(writer.authorId)}`);
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
  return where.length === 0 ? 'true' : where.join(' AND ');
}

function startsAfter({ key, id }: Position, order: PostOrder, values: Values): string {
  const from = values.add(typeof key === 'number' ? new Date(key).toISOString() : key);
  const isBeyond = order.direction === 'DESC' ? '<' : '>';
  return ` AND (${order.key}, p.id) ${isBeyond} (${from}::${order.type}, ${values.add(id)}::integer)`;
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
  const order = orderOf(list);
  const inThisOrder = `${order.key} ${order.direction}, p.id ${order.direction}`;
  const all = conditions(list, values);
  const after = list.after === undefined ? '' : startsAfter(list.after, order, values);
  const offset = list.offset === undefined ? '' : `OFFSET ${values.add(list.offset)}::integer`;
  const inOrder = (value: string): string => `(array_agg(${value} ORDER BY ${inThisOrder}))`;
  const lastKey = `${inOrder(order.key)}[${limit}]`;
  const lastOfMore = (value: string): string => `CASE WHEN count(*) > ${limit} THEN ${value} END`;
  const text = `
    SELECT '[' || coalesce(array_to_string(${inOrder('row_to_json(item)::text')}[:${limit}], ','), '') || ']' AS body,
      coalesce(${inOrder('p.author_id')}[:${limit}], '{}') AS author_ids,
      coalesce(${inOrder('p.category_id')}[:${limit}], '{}') AS category_ids,
      ${lastOfMore(order.type === 'text' ? lastKey : `(extract(epoch FROM ${lastKey}) * 1000)::bigint`)} AS last_key,
      ${lastOfMore(`${inOrder('p.id')}[${limit}]`)} AS last_id,
      ${list.writer === undefined ? 'NULL' : `(SELECT count(*)::integer FROM posts p WHERE ${all})`} AS total,
      pg_current_snapshot()::text AS snapshot
    FROM (
      SELECT p.id, p.slug, p.title, p.excerpt, p.custom_excerpt, p.tags, p.author_id, p.category_id, p.status, p.was_published,
        p.created_at, p.updated_at
      FROM posts p WHERE ${all}${after} ORDER BY ${inThisOrder} LIMIT ${list.limit + 1} ${offset}
    ) AS p, LATERAL (
      SELECT p.id, p.slug, p.title,
        ${AUTHORS[source]}, ${EXCERPT},
        (SELECT row_to_json(k) FROM (SELECT c.id, c.name, c.slug FROM categories c WHERE c.id = p.category_id) AS k)
          AS category,
        p.tags${list.writer === undefined ? '' : ', p.status'}, ${TIMES}
        ${FROM_AUTHOR[source]}
    ) AS item`;
  // The better plan depends on how common the tag or word is: its index, or a scan from the newest post on. So these
  // queries are planned each time.
  const isPlannedAnew = list.tag !== undefined || list.q !== undefined;
  if (isPlannedAnew || list.writer !== undefined || !PREPARED_LENGTHS.has(list.limit))
    return { text, values: values.all };
  return { name: `posts page ${source} ${limit} ${shapeOf(list)}`, text, values: values.all };
}

/** Names the parts that a statement has. */
const shapeOf = (list: PostList): string =>
  [
    'published',
    ...(['category', 'author', 'after', 'offset'] as const).filter((part) => list[part] !== undefined),
  ].join(' ');
