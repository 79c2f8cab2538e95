import { isDeepStrictEqual } from 'node:util';
import { isUniqueViolation } from '../platform/database/unique-violation.js';
import type { DomainEvent } from '../platform/outbox/define-event.js';
import type { Transaction } from '../platform/outbox/transaction-runner.js';
import type { CategoryState } from './categories.events.js';
import { type EditablePost, stateOf } from './editable-post.js';
import { leadsToAnotherAuthor } from './free-slugs.js';
import { makeWay } from './make-way.js';
import type { Post } from './post.entity.js';
import { customExcerpt, type RenderedContent, tagsOf } from './post-text.js';
import { PostPublished, PostRevised, type PostState, PostUnpublished } from './posts.events.js';
import { SlugTaken } from './posts.problems.js';
import type { RevisedPost } from './posts.schemas.js';

const UPDATE = {
  name: 'update post',
  text: `
    UPDATE posts SET slug = $2, title = $3, content = $4, content_format = $5, content_html = $6, excerpt = $7,
      category_id = $8, tags = $9, tag_slugs = $10, status = $11, was_published = $12,
      search = coalesce(array_to_tsvector(string_to_array($13, ' ')), search),
      created_at = CASE WHEN $12 AND NOT was_published THEN clock_timestamp() ELSE created_at END,
      custom_excerpt = $14, version = version + 1, updated_at = clock_timestamp()
    WHERE id = $1`,
};

/** The former slug of a draft leads nowhere, so it must not replace one that does. */
const REMEMBER_SLUG = `
  INSERT INTO former_slugs (slug, post_id) VALUES ($1, $2)
  ON CONFLICT (slug) DO UPDATE SET post_id = excluded.post_id WHERE $3::boolean`;

/**
 * Writes the new state of a locked post. A first publication is dated now.
 * @param options.tokens the new search tokens; null if unchanged
 * @param options.seenBy the user from whom other authors' drafts are hidden
 * @throws SlugTaken 409
 */
export async function updatePost(
  tx: Transaction,
  before: Post,
  after: Post,
  { tokens, seenBy }: { readonly tokens: string | null; readonly seenBy: number | undefined },
): Promise<void> {
  if (before.slug !== after.slug && (await leadsToAnotherAuthor(tx, after.slug, after.authorId))) {
    throw new SlugTaken(after.slug);
  }
  if (before.slug !== after.slug && seenBy !== undefined) await makeWay(tx, 'post', after.slug, seenBy);
  const { slug, title, content, contentFormat, contentHtml, excerpt, categoryId, tags, tagSlugs } = after;
  const written = [slug, title, content, contentFormat, contentHtml, excerpt, categoryId, tags, tagSlugs];
  try {
    await tx.queryPrepared({
      ...UPDATE,
      values: [after.id, ...written, after.status, after.wasPublished, tokens, after.customExcerpt],
    });
  } catch (error) {
    throw isUniqueViolation(error) ? new SlugTaken(slug) : error;
  }
  if (before.slug !== slug && before.wasPublished) {
    await tx.query(REMEMBER_SLUG, [before.slug, before.id, before.status === 'published']);
  }
}

/** A post with a change applied. @param rendered from its new content */
export function changed(
  post: Post,
  change: RevisedPost,
  rendered: RenderedContent | undefined,
  category: CategoryState,
): Post {
  // Content imported as HTML keeps its format until someone changes it.
  const isRewritten = change.content !== undefined && change.content !== post.content;
  const status = change.status ?? post.status;
  return {
    ...post,
    title: change.title ?? post.title,
    ...(isRewritten && rendered !== undefined
      ? {
          content: change.content!,
          contentFormat: 'markdown',
          contentHtml: rendered.contentHtml,
          excerpt: rendered.excerpt,
        }
      : {}),
    ...(change.excerpt === undefined ? {} : { customExcerpt: customExcerpt(change.excerpt) }),
    ...(change.tags === undefined ? {} : tagsOf(change.tags)),
    slug: change.slug ?? post.slug,
    status,
    wasPublished: post.wasPublished || status === 'published',
    categoryId: category.id,
  };
}

/** Compared member by member, because the database returns another class. Comparing equal texts costs nothing. */
export const isSame = (one: Post, other: Post): boolean => isDeepStrictEqual({ ...one }, { ...other });

/** The events of a change from `before` to `post`. A change of a draft has none. */
export async function eventsOf(
  tx: Transaction,
  before: EditablePost,
  post: Post,
  after: PostState,
): Promise<DomainEvent[]> {
  const wasPublic = before.post.status === 'published';
  const isPublic = post.status === 'published';
  const shown = stateOf(before.post, before.category, before.author);
  if (wasPublic && isPublic) return [PostRevised({ before: shown, after, ...respelling(before.post, post) })];
  if (wasPublic) return [PostUnpublished({ post: shown })];
  if (isPublic) return [PostPublished({ post: after, formerSlugs: await formerSlugsOf(tx, post.id) })];
  return [];
}

/** Only a change of spelling is in the event, because the slugs of the tags are there already. */
const respelling = (before: Post, after: Post): { areTagsRespelt?: true } =>
  isDeepStrictEqual(before.tagSlugs, after.tagSlugs) && !isDeepStrictEqual(before.tags, after.tags)
    ? { areTagsRespelt: true }
    : {};

export async function formerSlugsOf(tx: Transaction, id: number): Promise<string[]> {
  const { rows } = await tx.query<{ slug: string }>('SELECT slug FROM former_slugs WHERE post_id = $1', [id]);
  return rows.map((row) => row.slug);
}
