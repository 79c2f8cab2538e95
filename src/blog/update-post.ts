import type { Transaction } from '../platform/database/transaction-runner.js';
import { leadsToAnotherAuthor } from './free-slugs.js';
import type { Post } from './post.entity.js';
import { isUniqueViolation } from '../platform/database/unique-violation.js';
import { postTokens } from './post-text.js';
import { SlugTaken } from './posts.problems.js';

const UPDATE = `
  UPDATE posts SET slug = $2, title = $3, content = $4, content_format = $5, content_html = $6, excerpt = $7,
    category_id = $8, tags = $9, tag_slugs = $10, status = $11, was_published = $12, search = array_to_tsvector($13::text[]),
    created_at = CASE WHEN $12 AND NOT was_published THEN clock_timestamp() ELSE created_at END,
    version = version + 1, updated_at = clock_timestamp()
  WHERE id = $1`;

/** While the post is a draft its former slug leads nowhere, so it must not take the place of one that does. */
const REMEMBER_SLUG = `
  INSERT INTO former_slugs (slug, post_id) VALUES ($1, $2)
  ON CONFLICT (slug) DO UPDATE SET post_id = excluded.post_id WHERE $3::boolean`;

const isSlugTaken = (error: unknown): boolean => isUniqueViolation(error);

/** Writes all that may change of a locked post; its first publication is dated now. @throws SlugTaken 409 */
export async function updatePost(tx: Transaction, before: Post, after: Post): Promise<void> {
  if (before.slug !== after.slug && (await leadsToAnotherAuthor(tx, after.slug, after.authorId))) {
    throw new SlugTaken(after.slug);
  }
  const tokens = postTokens(after.title, after.tags, after.contentHtml);
  const { slug, title, content, contentFormat, contentHtml, excerpt, categoryId, tags, tagSlugs } = after;
  const written = [slug, title, content, contentFormat, contentHtml, excerpt, categoryId, tags, tagSlugs];
  try {
    await tx.query(UPDATE, [after.id, ...written, after.status, after.wasPublished, tokens]);
  } catch (error) {
    throw isSlugTaken(error) ? new SlugTaken(slug) : error;
  }
  if (before.slug !== slug && before.wasPublished) {
    await tx.query(REMEMBER_SLUG, [before.slug, before.id, before.status === 'published']);
  }
}
