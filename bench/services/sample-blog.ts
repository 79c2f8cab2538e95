import { Client } from 'pg';

export const POSTS = 10_000;
export const AUTHORS = 400;
/** `log-1`, `log-2`, …: each on 25 posts by 25 authors, so that the list of each resembles the list of all. */
export const TAGS = 400;

const USERS = `
  INSERT INTO users (username, email, role, display_name, bio)
  SELECT 'author-' || n, 'author-' || n || '@example.org', 'author', 'Author number ' || n,
    repeat('Writes about the sea and the weather. ', 6)
  FROM generate_series(1, $1::integer) AS n`;

const CATEGORIES = `
  INSERT INTO categories (name, slug, color)
  SELECT 'Subject ' || n, 'subject-' || n, '#334155' FROM generate_series(1, 11) AS n`;

/** Sized so that a list of 20 has about 5.8 KB and a post about 4.1 KB. */
const INSERT_POSTS = `
  INSERT INTO posts (slug, title, content, content_html, excerpt, author_id, category_id, tags, tag_slugs,
    status, was_published, created_at, updated_at)
  SELECT 'harbour-notes-' || n, 'Harbour notes, ' || n, text, '<p>' || text || '</p>',
    left(text, 24), (SELECT min(id) FROM users) + n % $2::integer, 1 + n % 12, labels, labels,
    'published', true, at, at
  FROM generate_series(1, $1::integer) AS n,
    LATERAL (SELECT repeat('The tide came in at ' || n || ' and the boats went out. ', 38) AS text,
      ARRAY['sea', 'log-' || 1 + (n - 1) * $3::integer / $1] AS labels,
      timestamptz '2024-01-01' + n * interval '1 hour' AS at) AS written`;

/** Fills a migrated, empty database with the blog for the measurements. */
export async function insertSampleBlog(databaseUrl: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(USERS, [AUTHORS]);
    await client.query(CATEGORIES);
    await client.query(INSERT_POSTS, [POSTS, AUTHORS, TAGS]);
    await client.query('VACUUM ANALYZE');
  } finally {
    await client.end();
  }
}
