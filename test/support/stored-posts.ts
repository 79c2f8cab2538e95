import { query } from './test-database.js';

export interface StoredPost {
  readonly slug: string;
  readonly title: string;
  readonly content: string;
  readonly content_format: string;
  readonly custom_excerpt: string | null;
  readonly author: string | null;
  readonly category: string;
  readonly tags: string[];
  readonly status: string;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly paths: string[];
}

const POSTS = `
  SELECT p.slug, p.title, p.content, p.content_format, p.custom_excerpt, u.username AS author, c.name AS category, p.tags,
    p.status, p.created_at, p.updated_at,
    ARRAY(SELECT path FROM former_addresses WHERE post_id = p.id ORDER BY path COLLATE "C") AS paths
  FROM posts p JOIN categories c ON c.id = p.category_id LEFT JOIN users u ON u.id = p.author_id ORDER BY p.id`;

/** Every post as stored in the tables, including drafts. */
export const storedPosts = (databaseUrl: string): Promise<StoredPost[]> =>
  query<StoredPost>(databaseUrl, POSTS);
