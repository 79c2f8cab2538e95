import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { CostlyReads } from '../platform/database/costly-reads.js';
import type { Statement } from './page-statement.js';

export interface TagList {
  readonly limit: number;
  /** Starts after this slug. */
  readonly after?: string | undefined;
  /** The beginning of the slugs. */
  readonly prefix?: string | undefined;
}

export interface TagPageRow {
  /** A JSON array. */
  readonly body: string;
  /** The slug of the last tag, if there are more. */
  readonly last: string | null;
  readonly snapshot: string;
}

/**
 * Reads the rows of the tags that it shows, and of one more. `{` follows all characters of slugs. A tag is spelt as in the
 * post with the highest id.
 */
export function tagsStatement({ limit, after, prefix }: TagList): Statement {
  const text = `
    SELECT '[' || coalesce(array_to_string((array_agg(row_to_json(item)::text ORDER BY slug))[:${limit}], ','), '') || ']'
        AS body,
      CASE WHEN count(*) > ${limit} THEN (array_agg(slug ORDER BY slug))[${limit}] END AS last,
      pg_current_snapshot()::text AS snapshot
    FROM (
      SELECT (SELECT n.name FROM post_tags n WHERE n.slug = t.slug ORDER BY n.post_id DESC LIMIT 1) AS name,
        t.slug, t.post_count
      FROM (
        SELECT slug, count(*)::integer AS post_count FROM post_tags
        WHERE slug > $1 AND slug >= $2 AND slug < $2 || '{' GROUP BY slug ORDER BY slug LIMIT ${limit + 1}
      ) AS t
    ) AS item`;
  return { text, values: [after ?? '', prefix ?? ''] };
}

@Injectable()
export class TagsQueries {
  constructor(
    private readonly pool: Pool,
    private readonly costly: CostlyReads,
  ) {}

  /** Tags of published posts, by slug. */
  async page(list: TagList): Promise<TagPageRow> {
    const statement = tagsStatement(list);
    const { rows } =
      list.prefix === undefined
        ? await this.pool.query<TagPageRow>(statement)
        : await this.costly.query<TagPageRow>(statement);
    return rows[0]!;
  }
}
