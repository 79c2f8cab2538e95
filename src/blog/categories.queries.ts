import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import type { CategoryState } from './categories.events.js';
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

/** Others must not learn of a category that contains only drafts. */
const isVisible = (category: string): string =>
  `(${category}.id = ${GENERAL_ID} OR EXISTS (
    SELECT FROM posts p WHERE p.category_id = ${category}.id AND p.status = 'published'))`;
const FIND_FORMER = `
  SELECT f.slug IS NOT NULL AS is_former, c.slug, pg_current_snapshot()::text AS snapshot
  FROM (VALUES (1)) AS always LEFT JOIN former_category_slugs f ON f.slug = $1
    LEFT JOIN categories c ON c.id = f.category_id AND ${isVisible('c')}
      AND NOT EXISTS (SELECT FROM categories taken WHERE taken.slug = $1 AND ${isVisible('taken')})`;

export interface FormerCategoryRow {
  readonly is_former: boolean;
  /** Null if the slug leads nowhere, or to a visible category of its own. */
  readonly slug: string | null;
  readonly snapshot: string;
}

/** Of one author, or of all if $1 is null. Drafts count. */
const OF_WRITER = `
  SELECT c.id, c.name, c.slug FROM categories c
  WHERE EXISTS (SELECT FROM posts p WHERE p.category_id = c.id AND ($1::integer IS NULL OR p.author_id = $1))
  ORDER BY lower(c.name), c.id`;

export interface CategoryListRow {
  /** A JSON array, sorted by name. */
  readonly body: string;
  readonly snapshot: string;
}

@Injectable()
export class CategoriesQueries {
  constructor(private readonly pool: Pool) {}

  /** The categories of an author's posts and drafts, by name. @param authorId null for those of all authors */
  async listOfWriter(authorId: number | null): Promise<CategoryState[]> {
    return (await this.pool.query<CategoryState>(OF_WRITER, [authorId])).rows;
  }

  async list(): Promise<CategoryListRow> {
    const { rows } = await this.pool.query<CategoryListRow>({ name: 'categories', text: LIST });
    return rows[0]!;
  }

  async findFormer(slug: string): Promise<FormerCategoryRow> {
    const statement = { name: 'former category', text: FIND_FORMER, values: [slug] };
    return (await this.pool.query<FormerCategoryRow>(statement)).rows[0]!;
  }
}
