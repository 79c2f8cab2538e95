import { Injectable } from '@nestjs/common';
import type { Principal } from '../platform/access/principal.js';
import { isId } from '../platform/openapi/api-values.js';
import { Answer, type Outcome } from '../platform/responses/answer.js';
import type { Transaction } from '../platform/outbox/transaction-runner.js';
import {
  type IdempotentRequest,
  IdempotentRequests,
  keyed,
} from '../platform/idempotency/idempotent-requests.js';
import { type EditRequest, lockForEdit } from './editable-post.js';
import { GENERAL_ID } from './category.entity.js';
import { PostChanges } from './post-changes.service.js';
import { PostTrash } from './post-trash.service.js';
import { PostsQueries } from './posts.queries.js';
import type { NewPost, ReplacedPost, RestoredPost, RevisedPost } from './posts.schemas.js';

/** Creates, changes and deletes single posts for their authors. */
@Injectable()
export class PostEditor {
  constructor(
    private readonly idempotentRequests: IdempotentRequests,
    private readonly queries: PostsQueries,
    private readonly changes: PostChanges,
    private readonly trash: PostTrash,
  ) {}

  /**
   * @param idempotencyKey the same key and body again return the same answer
   * @throws SlugTaken 409, CategoryNotFound 422, RateLimited 429, and what IdempotentRequests throws
   */
  async create(body: NewPost, principal: Principal, idempotencyKey?: string): Promise<Outcome<Answer>> {
    const request = keyed<Answer>(idempotencyKey, { holder: principal, content: ['POST posts', body] });
    return this.changes.prepare(body.content, principal, (text) =>
      this.idempotentRequests.once(request, async (tx) => {
        const id = await this.changes.create(tx, body, { text, principal });
        return this.writtenAnswer(tx, id, { status: 201, headers: { location: `/blog/api/posts/${id}` } });
      }),
    );
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
    const { principal } = request;
    return this.changes.prepare(change.content, principal, (text) =>
      this.idempotentRequests.once(idempotentRequest<Answer>(request, content), async (tx) => {
        const before = await lockForEdit(tx, this.queries, request);
        await this.changes.apply(tx, before, change, { text, principal });
        return this.writtenAnswer(tx, before.post.id);
      }),
    );
  }

  /** Moves a post to the trash. @throws PostNotFound 404, PostNotYours 403, PostVersionMismatch 412 */
  async remove(request: EditRequest): Promise<Outcome<void>> {
    const content = ['DELETE posts', request.reference];
    return this.idempotentRequests.once(idempotentRequest<void>(request, content), async (tx) => {
      await this.trash.move(tx, await lockForEdit(tx, this.queries, request));
    });
  }

  /**
   * Restores a post from the trash. Restoring a post that is not there changes nothing.
   * @throws PostNotFound 404, PostNotYours 403, SlugTakenMeanwhile 409
   */
  async restore(request: EditRequest, { slug }: RestoredPost): Promise<Outcome<Answer>> {
    const { reference, principal } = request;
    const content = ['POST restore', reference, slug];
    return this.idempotentRequests.once(idempotentRequest<Answer>(request, content), async (tx) => {
      const isRestored = await this.trash.restore(
        tx,
        isId(reference) ? Number(reference) : 0,
        principal,
        slug,
      );
      const restored = await lockForEdit(tx, this.queries, { reference, principal });
      await this.changes.announce(tx, restored, isRestored);
      return this.writtenAnswer(tx, restored.post.id);
    });
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
