import { Body, Controller, Delete, Headers, HttpCode, Param, Patch, Post, Put } from '@nestjs/common';
import { CurrentPrincipal, RequiresLogin, RequiresRole } from '../platform/access/access.js';
import type { Principal } from '../platform/access/principal.js';
import type { Answer, Outcome } from '../platform/responses/answer.js';
import { AnswersWith } from '../platform/openapi/documents.js';
import { BodyLimit, POST_BODY_LIMIT } from '../platform/server/body-limit.js';
import { postSchema } from './answers.schemas.js';
import { PostEditor } from './post-editor.service.js';
import {
  type NewPost,
  newPostSchema,
  postReferenceSchema,
  type ReplacedPost,
  replacedPostSchema,
  type RestoredPost,
  restoredPostSchema,
  type RevisedPost,
  revisedPostSchema,
  trashedReferenceSchema,
} from './posts.schemas.js';

@Controller('blog/api/posts')
export class PostsWritingController {
  constructor(private readonly editor: PostEditor) {}

  /**
   * Creates a post or a draft. A request repeated with the same `Idempotency-Key` gets the same answer and creates
   * nothing.
   */
  @Post()
  @BodyLimit(POST_BODY_LIMIT)
  @RequiresRole('author')
  @AnswersWith(201, postSchema)
  create(
    @Body({ schema: newPostSchema }) body: NewPost,
    @CurrentPrincipal() principal: Principal,
    @Headers('idempotency-key') idempotencyKey?: string,
  ): Promise<Outcome<Answer>> {
    return this.editor.create(body, principal, idempotencyKey);
  }

  /** Replaces what the author wrote. With `If-Match`, it does not overwrite a change that the client has not seen. */
  @Put(':id')
  @BodyLimit(POST_BODY_LIMIT)
  @RequiresLogin()
  @AnswersWith(200, postSchema)
  replace(
    @Param({ schema: postReferenceSchema }) { id: reference }: { id: string },
    @Body({ schema: replacedPostSchema }) body: ReplacedPost,
    @CurrentPrincipal() principal: Principal,
    @Headers('if-match') ifMatch?: string,
    @Headers('idempotency-key') idempotencyKey?: string,
  ): Promise<Outcome<Answer>> {
    return this.editor.replace({ reference, principal, ifMatch, idempotencyKey }, body);
  }

  /** Changes the given members and leaves the others. Setting `status` publishes a draft. */
  @Patch(':id')
  @BodyLimit(POST_BODY_LIMIT)
  @RequiresLogin()
  @AnswersWith(200, postSchema)
  revise(
    @Param({ schema: postReferenceSchema }) { id: reference }: { id: string },
    @Body({ schema: revisedPostSchema }) body: RevisedPost,
    @CurrentPrincipal() principal: Principal,
    @Headers('if-match') ifMatch?: string,
    @Headers('idempotency-key') idempotencyKey?: string,
  ): Promise<Outcome<Answer>> {
    return this.editor.revise({ reference, principal, ifMatch, idempotencyKey }, body);
  }

  /**
   * Deletes a post, and its category if it was the last post in it. For 30 days it can be restored; meanwhile its slug is
   * free for other posts.
   */
  @Delete(':id')
  @RequiresLogin()
  @AnswersWith(204)
  remove(
    @Param({ schema: postReferenceSchema }) { id: reference }: { id: string },
    @CurrentPrincipal() principal: Principal,
    @Headers('if-match') ifMatch?: string,
    @Headers('idempotency-key') idempotencyKey?: string,
  ): Promise<Outcome<void>> {
    return this.editor.remove({ reference, principal, ifMatch, idempotencyKey });
  }

  /**
   * Brings a deleted post back, with its id, slug and dates, published if it was. 409 if another post has its slug now:
   * then give another one.
   */
  @Post(':id/restore')
  @HttpCode(200)
  @RequiresLogin()
  @AnswersWith(200, postSchema)
  restore(
    @Param({ schema: trashedReferenceSchema }) { id: reference }: { id: string },
    @Body({ schema: restoredPostSchema }) body: RestoredPost,
    @CurrentPrincipal() principal: Principal,
    @Headers('idempotency-key') idempotencyKey?: string,
  ): Promise<Outcome<Answer>> {
    return this.editor.restore({ reference, principal, idempotencyKey }, body);
  }
}
