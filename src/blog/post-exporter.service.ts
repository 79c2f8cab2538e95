import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import type { ContentFormat, PostStatus } from './post.entity.js';

/** Everything stored about a post, as its author wrote it. */
export interface ExportedPost {
  readonly id: number;
  readonly slug: string;
  readonly title: string;
  readonly content: string;
  readonly content_format: ContentFormat;
  readonly custom_excerpt: string | null;
  /** User name; null if the account was deleted. */
  readonly author: string | null;
  readonly category: string;
  readonly tags: string[];
  readonly status: PostStatus;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly former_slugs: string[];
  readonly former_paths: string[];
}

const BATCH = 100;

const READ_BATCH = `
  SELECT p.id, p.slug, p.title, p.content, p.content_format, p.custom_excerpt, u.username AS author, c.name AS category, p.tags,
    p.status, p.created_at, p.updated_at,
    ARRAY(SELECT slug FROM former_slugs WHERE post_id = p.id ORDER BY slug) AS former_slugs,
    ARRAY(SELECT path FROM former_addresses WHERE post_id = p.id ORDER BY path) AS former_paths
  FROM posts p JOIN categories c ON c.id = p.category_id LEFT JOIN users u ON u.id = p.author_id
  WHERE p.id > $1 ORDER BY p.id LIMIT ${BATCH}`;

/** Reads all posts, a hundred at a time. */
@Injectable()
export class PostExporter {
  constructor(private readonly pool: Pool) {}

  /**
   * Yields all posts in the order of ids, drafts included. A post that is written meanwhile may or may not be included.
   */
  async *exportAll(): AsyncGenerator<ExportedPost, void, undefined> {
    for (let after = 0; ;) {
      const { rows } = await this.pool.query<ExportedPost>(READ_BATCH, [after]);
      yield* rows;
      if (rows.length < BATCH) return;
      after = rows.at(-1)!.id;
    }
  }
}
