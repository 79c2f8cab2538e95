import type { Principal } from '../platform/access/principal.js';
import { matchesVersion } from '../platform/answers/entity-tag.js';
import type { Transaction } from '../platform/database/transaction-runner.js';
import { postReference } from './post-reference.js';
import type { CategoryState } from './categories.events.js';
import { Category } from './category.entity.js';
import { Post } from './post.entity.js';
import type { PostState } from './posts.events.js';
import type { PostsQueries } from './posts.queries.js';
import { PostNotFound, PostNotYours, PostVersionMismatch } from './posts.problems.js';

/** Who changes which post, and the version they have seen. */
export interface EditRequest {
  /** An id or a slug. */
  readonly reference: string;
  readonly principal: Principal;
  readonly ifMatch?: string | undefined;
}

/** A post locked for a change, with what events say about it. */
export interface EditablePost {
  readonly post: Post;
  readonly category: CategoryState;
  /** User name; null when the account was deleted. */
  readonly author: string | null;
}

const isOwn = (post: Post, principal: Principal): boolean => post.authorId === principal.userId;

function assertMayEdit(post: Post, { reference, principal }: EditRequest): void {
  if (principal.role === 'admin') return;
  if (post.status === 'draft' && !isOwn(post, principal)) throw new PostNotFound(reference);
  if (!isOwn(post, principal) || principal.role === 'reader') throw new PostNotYours();
}

/**
 * Locks a post until the transaction ends, so that of two editors with the same If-Match one loses.
 * @throws PostNotFound 404, PostNotYours 403, PostVersionMismatch 412
 */
export async function lockForEdit(
  tx: Transaction,
  queries: PostsQueries,
  request: EditRequest,
): Promise<EditablePost> {
  const reference = postReference(request.reference);
  if (reference === null) throw new PostNotFound(request.reference);
  const post = await tx.manager.findOne(Post, {
    where: typeof reference === 'number' ? { id: reference } : { slug: reference },
    lock: { mode: 'pessimistic_write' },
  });
  if (post === null) throw new PostNotFound(request.reference);
  assertMayEdit(post, request);
  if (request.ifMatch !== undefined && !matchesVersion(request.ifMatch, post.version)) {
    throw new PostVersionMismatch(post.version);
  }
  const category = await tx.manager.findOneByOrFail(Category, { id: post.categoryId });
  return { post, category, author: await queries.authorName(tx, post.authorId) };
}

/** What events say about a post now. */
export const stateOf = (post: Post, category: CategoryState, author: string | null): PostState => ({
  id: post.id,
  slug: post.slug,
  title: post.title,
  author,
  category: category.slug,
  tags: [...post.tagSlugs],
  version: post.version,
});
