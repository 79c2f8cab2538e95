import type { Principal } from '../platform/access/principal.js';
import { entityTag, matchesCurrent } from '../platform/responses/answer.js';
import type { Transaction } from '../platform/outbox/transaction-runner.js';
import { postReference } from './post-reference.js';
import type { CategoryState } from './categories.events.js';
import type { Post } from './post.entity.js';
import type { PostState } from './posts.events.js';
import type { CategoryAndAuthor } from './category-and-author.js';
import type { PostsQueries } from './posts.queries.js';
import { PostNotFound, PostNotYours, PostVersionMismatch } from './posts.problems.js';

/** The author of a change, the post, and the version that the author has read. */
export interface EditRequest {
  /** An id or a slug. */
  readonly reference: string;
  readonly principal: Principal;
  readonly ifMatch?: string | undefined;
  readonly idempotencyKey?: string | undefined;
}

/** A post locked for a change, with the data for its events. */
export interface EditablePost extends CategoryAndAuthor {
  readonly post: Post;
}

const lockStatement = (column: 'id' | 'slug') => ({
  name: `lock post by ${column}`,
  text: `
    SELECT id, slug, title, content, content_format AS "contentFormat", content_html AS "contentHtml", excerpt,
      custom_excerpt AS "customExcerpt", author_id AS "authorId", category_id AS "categoryId", tags, tag_slugs AS "tagSlugs", status,
      was_published AS "wasPublished", version, created_at AS "createdAt", updated_at AS "updatedAt"
    FROM posts WHERE ${column} = $1 FOR UPDATE`,
});
const LOCK_BY_ID = lockStatement('id');
const LOCK_BY_SLUG = lockStatement('slug');

const isOwn = (post: Post, principal: Principal): boolean => post.authorId === principal.userId;

function assertMayEdit(post: Post, { reference, principal }: EditRequest): void {
  if (principal.role === 'admin') return;
  if (post.status === 'draft' && !isOwn(post, principal)) throw new PostNotFound(reference);
  if (!isOwn(post, principal) || principal.role === 'reader') throw new PostNotYours();
}

/**
 * Locks a post until the transaction ends, so that only one of two editors with the same If-Match succeeds.
 * @throws PostNotFound 404, PostNotYours 403, PostVersionMismatch 412
 */
export async function lockForEdit(
  tx: Transaction,
  queries: PostsQueries,
  request: EditRequest,
): Promise<EditablePost> {
  const reference = postReference(request.reference);
  if (reference === null) throw new PostNotFound(request.reference);
  const lock = typeof reference === 'number' ? LOCK_BY_ID : LOCK_BY_SLUG;
  const post = (await tx.queryPrepared<Post>({ ...lock, values: [reference] })).rows[0];
  if (post === undefined) throw new PostNotFound(request.reference);
  assertMayEdit(post, request);
  if (request.ifMatch !== undefined) {
    const etag = await currentTag(tx, queries, post.id);
    if (!matchesCurrent(request.ifMatch, etag)) throw new PostVersionMismatch(post.version, etag);
  }
  return { post, ...(await queries.categoryAndAuthor(tx, post)) };
}

/**
 * The ETag of what a GET would return. It includes the names of author and category, which change without a new version
 * of the post.
 */
async function currentTag(tx: Transaction, queries: PostsQueries, id: number): Promise<string> {
  const { body, version } = await queries.findWritten(tx, id);
  return entityTag(body, version);
}

/** The state of a post for events. */
export const stateOf = (post: Post, category: CategoryState, author: string | null): PostState => ({
  id: post.id,
  slug: post.slug,
  title: post.title,
  author,
  category: category.slug,
  tags: [...post.tagSlugs],
  version: post.version,
});
