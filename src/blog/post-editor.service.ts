import { Injectable } from '@nestjs/common';
import type { Principal } from '../platform/access/principal.js';
import { Answer } from '../platform/answers/answer.js';
import { type Transaction, TransactionRunner } from '../platform/database/transaction-runner.js';
import { slugify } from '../platform/slugs/slugify.js';
import { changeRepeated } from '../platform/events/change-repeated.js';
import { IdempotentRequests } from '../platform/idempotency/idempotent-requests.js';
import type { DomainEvent } from '../platform/events/define-event.js';
import type { CategoryState } from './categories.events.js';
import { CategoriesService, type CategoryChoice } from './categories.service.js';
import { type EditablePost, type EditRequest, lockForEdit, stateOf } from './editable-post.js';
import { freeSlugs, leadsToAnotherAuthor } from './free-slugs.js';
import { insertPosts, type NewPostRow } from './insert-posts.js';
import { GENERAL_ID } from './category.entity.js';
import type { Post } from './post.entity.js';
import { postTokens, renderContent, type RenderedContent, tagsOf } from './post-text.js';
import { PostPublished, PostRemoved, PostRevised, type PostState, PostUnpublished } from './posts.events.js';
import { AuthorGone, SlugTaken } from './posts.problems.js';
import { PostsQueries } from './posts.queries.js';
import type { NewPost, ReplacedPost, RevisedPost } from './posts.schemas.js';
import { updatePost } from './update-post.js';

const FOREIGN_KEY_VIOLATION = '23503';
const AUTHOR_KEY = 'posts_author_id_fkey';

/** Writes, changes and deletes posts, one at a time, as their authors ask for it. */
@Injectable()
export class PostEditor {
  constructor(
    private readonly transactions: TransactionRunner,
    private readonly categories: CategoriesService,
    private readonly idempotentRequests: IdempotentRequests,
    private readonly queries: PostsQueries,
  ) {}

  /**
   * @param idempotencyKey the same key and body again give the same answer again
   * @throws SlugTaken 409, CategoryNotFound 422, and what IdempotentRequests throws
   */
  async create(body: NewPost, principal: Principal, idempotencyKey?: string): Promise<Answer> {
    const rendered = renderContent(body.content, 'markdown');
    return this.transactions.run((tx) => {
      const work = (): Promise<Answer> => this.insert(tx, body, rendered, principal);
      if (idempotencyKey === undefined) return work();
      const request = { userId: principal.userId, key: idempotencyKey, content: ['POST posts', body] };
      return this.idempotentRequests.once(tx, request, work);
    });
  }

  private async insert(
    tx: Transaction,
    body: NewPost,
    rendered: RenderedContent,
    principal: Principal,
  ): Promise<Answer> {
    const category = await this.categories.choose(tx, body, principal);
    const row = newRow(body, rendered, principal.userId, category.id);
    const { id, slug } = await insertWithSlug(tx, row, body.slug).catch(orAuthorGone);
    if (row.status === 'published') {
      const { title, tag_slugs: tags } = row;
      const post = { id, slug, title, author: principal.username, category: category.slug, tags, version: 1 };
      tx.record(PostPublished({ post, formerSlugs: [] }));
    }
    return this.writtenAnswer(tx, id, { status: 201, headers: { location: `/blog/api/posts/${id}` } });
  }

  /** Everything the author writes is replaced; slug and status stay when they are left out. */
  async replace(request: EditRequest, body: ReplacedPost): Promise<Answer> {
    const hasCategory = body.category_name !== undefined || body.category_id !== undefined;
    return this.revise(request, {
      ...body,
      tags: body.tags ?? [],
      ...(hasCategory ? {} : { category_id: GENERAL_ID }),
    });
  }

  /**
   * Changes what is given. A change of nothing is no change: no new version, and nothing is told but that it is so.
   * @throws PostNotFound 404, PostNotYours 403, PostVersionMismatch 412, SlugTaken 409, CategoryNotFound 422
   */
  async revise(request: EditRequest, change: RevisedPost): Promise<Answer> {
    const rendered = change.content === undefined ? undefined : renderContent(change.content, 'markdown');
    return this.transactions.run(async (tx) => {
      const before = await lockForEdit(tx, this.queries, request);
      const category = await this.newCategory(tx, before, change, request.principal);
      const post = changed(before.post, change, rendered, category);
      if (isSame(before.post, post)) return this.repeat(tx, before);
      await updatePost(tx, before.post, post);
      if (category.id !== before.category.id) await this.categories.removeIfEmpty(tx, before.category.id);
      const after = stateOf({ ...post, version: post.version + 1 }, category, before.author);
      for (const event of await eventsOf(tx, before, post, after)) tx.record(event);
      return this.writtenAnswer(tx, post.id);
    });
  }

  private repeat(tx: Transaction, { post, category, author }: EditablePost): Promise<Answer> {
    const state = stateOf(post, category, author);
    if (post.status === 'published')
      tx.record(changeRepeated(PostRevised({ before: state, after: state }).tags));
    return this.writtenAnswer(tx, post.id);
  }

  /** @throws PostNotFound 404, PostNotYours 403, PostVersionMismatch 412 */
  async remove(request: EditRequest): Promise<void> {
    await this.transactions.run(async (tx) => {
      const { post, category, author } = await lockForEdit(tx, this.queries, request);
      await tx.query('DELETE FROM posts WHERE id = $1', [post.id]);
      await this.categories.removeIfEmpty(tx, category.id);
      if (post.status === 'published') tx.record(PostRemoved({ post: stateOf(post, category, author) }));
    });
  }

  private async newCategory(
    tx: Transaction,
    { category }: EditablePost,
    choice: CategoryChoice,
    principal: Principal,
  ): Promise<CategoryState> {
    const { category_id: id, category_name: name } = choice;
    const stays = name === undefined ? (id ?? category.id) === category.id : name === category.name;
    return stays ? category : this.categories.chooseOther(tx, category.id, choice, principal);
  }

  /** A post as its author sees it now. It was read in a transaction that wrote it: not for anybody's cache. */
  private async writtenAnswer(
    tx: Transaction,
    id: number,
    extra: { status?: number; headers?: Record<string, string> } = {},
  ): Promise<Answer> {
    const { body, version, snapshot } = await this.queries.findWritten(tx, id);
    return new Answer({ body, version, snapshot, tags: [], isPrivate: true, ...extra });
  }
}

/** The foreign key holds the account until the post is there, so that its deletion finds it; or it has gone already. */
function orAuthorGone(error: unknown): never {
  const { code, constraint } = error as { code?: unknown; constraint?: unknown };
  throw code === FOREIGN_KEY_VIOLATION && constraint === AUTHOR_KEY ? new AuthorGone() : error;
}

function newRow(body: NewPost, rendered: RenderedContent, authorId: number, categoryId: number): NewPostRow {
  const { tags, tagSlugs } = tagsOf(body.tags ?? []);
  return {
    slug: body.slug ?? slugify(body.title),
    title: body.title,
    content: body.content,
    content_format: 'markdown',
    content_html: rendered.contentHtml,
    excerpt: rendered.excerpt,
    author_id: authorId,
    category_id: categoryId,
    tags,
    tag_slugs: tagSlugs,
    status: body.status,
    tokens: postTokens(body.title, tags, rendered.contentHtml),
  };
}

/** A slug that was asked for is that one or none; one made from the title gets a number when it is taken. */
async function insertWithSlug(
  tx: Transaction,
  row: NewPostRow,
  asked: string | undefined,
): Promise<{ id: number; slug: string }> {
  if (asked !== undefined && (await leadsToAnotherAuthor(tx, asked, row.author_id)))
    throw new SlugTaken(asked);
  for (;;) {
    const slug = asked ?? (await freeSlugs(tx, 'post', row.slug, 1))[0]!;
    const id = (await insertPosts(tx, [{ ...row, slug }])).get(slug);
    if (id !== undefined) return { id, slug };
    if (asked !== undefined) throw new SlugTaken(asked);
  }
}

function changed(
  post: Post,
  change: RevisedPost,
  rendered: RenderedContent | undefined,
  category: CategoryState,
): Post {
  // Content that came from elsewhere as HTML stays that until somebody writes something else.
  const isRewritten = change.content !== undefined && change.content !== post.content;
  const status = change.status ?? post.status;
  return {
    ...post,
    title: change.title ?? post.title,
    ...(isRewritten ? { content: change.content!, contentFormat: 'markdown', ...rendered } : {}),
    ...(change.tags === undefined ? {} : tagsOf(change.tags)),
    slug: change.slug ?? post.slug,
    status,
    wasPublished: post.wasPublished || status === 'published',
    categoryId: category.id,
  };
}

const isSame = (one: Post, other: Post): boolean => JSON.stringify(one) === JSON.stringify(other);

async function eventsOf(
  tx: Transaction,
  before: EditablePost,
  post: Post,
  after: PostState,
): Promise<DomainEvent[]> {
  const wasPublic = before.post.status === 'published';
  const isPublic = post.status === 'published';
  const shown = stateOf(before.post, before.category, before.author);
  if (wasPublic && isPublic) return [PostRevised({ before: shown, after })];
  if (wasPublic) return [PostUnpublished({ post: shown })];
  if (isPublic) return [PostPublished({ post: after, formerSlugs: await formerSlugsOf(tx, post.id) })];
  return [];
}

async function formerSlugsOf(tx: Transaction, id: number): Promise<string[]> {
  const { rows } = await tx.query<{ slug: string }>('SELECT slug FROM former_slugs WHERE post_id = $1', [id]);
  return rows.map((row) => row.slug);
}
