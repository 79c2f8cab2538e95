import { Injectable } from '@nestjs/common';
import { isDeepStrictEqual } from 'node:util';
import type { Principal } from '../platform/access/principal.js';
import { Answer, type Outcome } from '../platform/responses/answer.js';
import type { Transaction } from '../platform/outbox/transaction-runner.js';
import { changeRepeated } from '../platform/outbox/define-event.js';
import {
  type IdempotentRequest,
  IdempotentRequests,
  keyed,
} from '../platform/idempotency/idempotent-requests.js';
import type { CategoryState } from './categories.events.js';
import { CategoriesService, type CategoryChoice } from './categories.service.js';
import { type EditablePost, type EditRequest, lockForEdit, stateOf } from './editable-post.js';
import { whoseView } from './whose-view.js';
import { insertWithSlug, newRow } from './insert-posts.js';
import { GENERAL_ID } from './category.entity.js';
import type { Post } from './post.entity.js';
import { PostRenderer } from './post-renderer.service.js';
import { postTokens, type RenderedContent } from './post-text.js';
import { PostPublished, PostRemoved, PostRevised } from './posts.events.js';
import { AuthorGone } from './posts.problems.js';
import { PostsQueries } from './posts.queries.js';
import type { NewPost, ReplacedPost, RevisedPost } from './posts.schemas.js';
import { changed, eventsOf, isSame, updatePost } from './update-post.js';

const FOREIGN_KEY_VIOLATION = '23503';
const AUTHOR_KEY = 'posts_author_id_fkey';

/** Search tokens by the HTML of a text. */
type KnownTokens = ReadonlyMap<string, string>;

interface Edit {
  readonly request: EditRequest;
  readonly change: RevisedPost;
  readonly rendered: RenderedContent | undefined;
  readonly known: KnownTokens;
}

/** The text of a locked post is too long to be indexed at once. */
class TextNotIndexed extends Error {
  constructor(readonly contentHtml: string) {
    super('The text is not indexed');
  }
}

/** Authors take turns at the renderer. */
const ownerOf = ({ userId }: Principal): string => String(userId);

/** Creates, changes and deletes single posts for their authors. */
@Injectable()
export class PostEditor {
  constructor(
    private readonly categories: CategoriesService,
    private readonly idempotentRequests: IdempotentRequests,
    private readonly queries: PostsQueries,
    private readonly renderer: PostRenderer,
  ) {}

  /**
   * @param idempotencyKey the same key and body again return the same answer
   * @throws SlugTaken 409, CategoryNotFound 422, RateLimited 429, and what IdempotentRequests throws
   */
  async create(body: NewPost, principal: Principal, idempotencyKey?: string): Promise<Outcome<Answer>> {
    const rendered = await this.renderer.render(body.content, 'markdown', ownerOf(principal));
    const request = keyed<Answer>(idempotencyKey, { holder: principal, content: ['POST posts', body] });
    return this.idempotentRequests.once(request, (tx) => this.insert(tx, body, rendered, principal));
  }

  private async insert(
    tx: Transaction,
    body: NewPost,
    rendered: RenderedContent,
    principal: Principal,
  ): Promise<Answer> {
    const category = await this.categories.choose(tx, body, principal);
    const row = newRow(body, rendered, principal.userId, category.id);
    const { id, slug } = await insertWithSlug(tx, row, body.slug, whoseView(principal)).catch(orAuthorGone);
    if (row.status === 'published') {
      const { title, tag_slugs: tags } = row;
      const post = { id, slug, title, author: principal.username, category: category.slug, tags, version: 1 };
      tx.record(PostPublished({ post, formerSlugs: [] }));
    }
    return this.writtenAnswer(tx, id, { status: 201, headers: { location: `/blog/api/posts/${id}` } });
  }

  /** Replaces everything the author writes. Omitted slug and status stay. */
  async replace(request: EditRequest, body: ReplacedPost): Promise<Outcome<Answer>> {
    const hasCategory = body.category_name !== undefined || body.category_id !== undefined;
    const change = {
      ...body,
      tags: body.tags ?? [],
      excerpt: body.excerpt ?? null,
      ...(hasCategory ? {} : { category_id: GENERAL_ID }),
    };
    return this.edit(request, change, ['PUT posts', request.reference, body]);
  }

  /**
   * Changes the given members. If nothing differs, there is no new version and no event but `change.repeated`.
   * @throws PostNotFound 404, PostNotYours 403, PostVersionMismatch 412, SlugTaken 409, CategoryNotFound 422
   */
  async revise(request: EditRequest, change: RevisedPost): Promise<Outcome<Answer>> {
    return this.edit(request, change, ['PATCH posts', request.reference, change]);
  }

  private async edit(request: EditRequest, change: RevisedPost, content: unknown): Promise<Outcome<Answer>> {
    const rendered =
      change.content === undefined
        ? undefined
        : await this.renderer.render(change.content, 'markdown', ownerOf(request.principal));
    return this.indexed(rendered, request.principal, (known) =>
      this.idempotentRequests.once(idempotentRequest<Answer>(request, content), (tx) =>
        this.editLocked(tx, { request, change, rendered, known }),
      ),
    );
  }

  private async editLocked(tx: Transaction, { request, change, rendered, known }: Edit): Promise<Answer> {
    const before = await lockForEdit(tx, this.queries, request);
    const category = await this.newCategory(tx, before, change, request.principal);
    const post = changed(before.post, change, rendered, category);
    if (isSame(before.post, post)) return this.repeat(tx, before);
    await updatePost(tx, before.post, post, {
      tokens: this.newTokens(before.post, post, known),
      seenBy: whoseView(request.principal),
    });
    if (category.id !== before.category.id) await this.categories.removeIfEmpty(tx, before.category.id);
    const after = stateOf({ ...post, version: post.version + 1 }, category, before.author);
    for (const event of await eventsOf(tx, before, post, after)) tx.record(event);
    return this.writtenAnswer(tx, post.id);
  }

  /** The new search tokens of a post; null if they stay the same. @throws TextNotIndexed */
  private newTokens(before: Post, post: Post, known: KnownTokens): string | null {
    const parts = ({ title, tags, contentHtml }: Post) => [title, tags, contentHtml];
    if (isDeepStrictEqual(parts(before), parts(post))) return null;
    const tokens = known.get(post.contentHtml) ?? this.renderer.textTokensAtOnce(post.contentHtml);
    if (tokens === undefined) throw new TextNotIndexed(post.contentHtml);
    return postTokens(post.title, post.tags, tokens);
  }

  /** Runs `work`. If a text must be indexed first, indexes it without a lock and runs `work` again. */
  private async indexed<T>(
    rendered: RenderedContent | undefined,
    principal: Principal,
    work: (known: KnownTokens) => Promise<T>,
  ): Promise<T> {
    const known = new Map(rendered === undefined ? [] : [[rendered.contentHtml, rendered.textTokens]]);
    for (;;) {
      try {
        return await work(known);
      } catch (error) {
        if (!(error instanceof TextNotIndexed)) throw error;
        known.set(error.contentHtml, await this.renderer.textTokens(error.contentHtml, ownerOf(principal)));
      }
    }
  }

  private repeat(tx: Transaction, { post, category, author }: EditablePost): Promise<Answer> {
    const state = stateOf(post, category, author);
    if (post.status === 'published')
      tx.record(changeRepeated(PostRevised({ before: state, after: state }).tags));
    return this.writtenAnswer(tx, post.id);
  }

  /** @throws PostNotFound 404, PostNotYours 403, PostVersionMismatch 412 */
  async remove(request: EditRequest): Promise<Outcome<void>> {
    const content = ['DELETE posts', request.reference];
    return this.idempotentRequests.once(idempotentRequest<void>(request, content), async (tx) => {
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

  /** A post as its author sees it now. It was read in the transaction that wrote it, so it must not be cached. */
  private async writtenAnswer(
    tx: Transaction,
    id: number,
    extra: { status?: number; headers?: Record<string, string> } = {},
  ): Promise<Answer> {
    const { body, version, snapshot } = await this.queries.findWritten(tx, id);
    return new Answer({ body, version, snapshot, tags: [], isPrivate: true, ...extra });
  }
}

/** `If-Match` is not part of the request's identity, because the version has changed when the request is repeated. */
const idempotentRequest = <T>(
  { idempotencyKey, principal }: EditRequest,
  content: unknown,
): IdempotentRequest<T> | undefined => keyed<T>(idempotencyKey, { holder: principal, content });

/**
 * The foreign key locks the account until the post is stored, so that a deletion of the account finds the post. If the
 * account is already gone, the insert fails.
 */
function orAuthorGone(error: unknown): never {
  const { code, constraint } = error as { code?: unknown; constraint?: unknown };
  throw code === FOREIGN_KEY_VIOLATION && constraint === AUTHOR_KEY ? new AuthorGone() : error;
}
