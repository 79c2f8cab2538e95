import { Body, Controller, Delete, Headers, Param, Patch, Post, Put } from '@nestjs/common';
import { CurrentPrincipal, RequiresLogin, RequiresRole } from '../platform/access/access.js';
import type { Principal } from '../platform/access/principal.js';
import type { Answer } from '../platform/answers/answer.js';
import { AnswersWith } from '../platform/answers/answers-with.js';
import { postSchema } from './answers.schemas.js';
import { PostEditor } from './post-editor.service.js';
import {
  type NewPost,
  newPostSchema,
  postReferenceSchema,
  type ReplacedPost,
  replacedPostSchema,
  type RevisedPost,
  revisedPostSchema,
} from './posts.schemas.js';

@Controller('blog/api/posts')
export class PostsWritingController {
  constructor(private readonly editor: PostEditor) {}

  /** Writes a post, or a draft. Sent again with the same `Idempotency-Key`, it is answered alike and not written again. */
  @Post()
  @RequiresRole('author')
  @AnswersWith(201, postSchema)
  create(
    @Body({ schema: newPostSchema }) body: NewPost,
    @CurrentPrincipal() principal: Principal,
    @Headers('idempotency-key') idempotencyKey?: string,
  ): Promise<Answer> {
    return this.editor.create(body, principal, idempotencyKey);
  }

  /** Replaces what the author wrote. `If-Match` refuses to overwrite a change that was not seen. */
  @Put(':id')
  @RequiresLogin()
  @AnswersWith(200, postSchema)
  replace(
    @Param({ schema: postReferenceSchema }) { id: reference }: { id: string },
    @Body({ schema: replacedPostSchema }) body: ReplacedPost,
    @CurrentPrincipal() principal: Principal,
    @Headers('if-match') ifMatch?: string,
  ): Promise<Answer> {
    return this.editor.replace({ reference, principal, ifMatch }, body);
  }

  /** Changes what the body names and leaves the rest; a draft is published by its `status`. */
  @Patch(':id')
  @RequiresLogin()
  @AnswersWith(200, postSchema)
  revise(
    @Param({ schema: postReferenceSchema }) { id: reference }: { id: string },
    @Body({ schema: revisedPostSchema }) body: RevisedPost,
    @CurrentPrincipal() principal: Principal,
    @Headers('if-match') ifMatch?: string,
  ): Promise<Answer> {
    return this.editor.revise({ reference, principal, ifMatch }, body);
  }

  /** Deletes a post, and with its last post its category. */
  @Delete(':id')
  @RequiresLogin()
  @AnswersWith(204)
  remove(
    @Param({ schema: postReferenceSchema }) { id: reference }: { id: string },
    @CurrentPrincipal() principal: Principal,
    @Headers('if-match') ifMatch?: string,
  ): Promise<void> {
    return this.editor.remove({ reference, principal, ifMatch });
  }
}
