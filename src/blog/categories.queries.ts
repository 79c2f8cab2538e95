import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { GENERAL_ID } from './category.entity.js';

/** Nobody but the author sees a draft, or a category that contains only drafts. */
const LIST = `
  SELECT '[' || coalesce(string_agg(row_to_json(item)::text, ',' ORDER BY lower(name), id), '') || ']' AS body,
    pg_current_snapshot()::text AS snapshot
  FROM (
    SELECT c.id, c.name, c.slug, c.color, coalesce(published.post_count, 0) AS post_count
    FROM categories c LEFT JOIN (
      SELECT category_id, count(*)::integer AS post_count FROM posts WHERE status = 'published' GROUP BY category_id
    ) AS published ON published.category_id = c.id
    WHERE c.id = ${GENERAL_ID} OR published.post_count > 0
  ) AS item`;

export interface CategoryListRow {
  /** A JSON array, sorted by name. */
  readonly body: string;
  readonly snapshot: string;
}

@Injectable()
export class CategoriesQueries {
  constructor(private readonly pool: Pool) {}

  async list(): Promise<CategoryListRow> {
    const { rows } = await this.pool.query<CategoryListRow>({ name: 'categories', text: LIST });
    return rows[0]!;
  }
}
