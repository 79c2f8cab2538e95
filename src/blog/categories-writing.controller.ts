import { Body, Controller, Headers, Param, Patch, Post } from '@nestjs/common';
import { CurrentPrincipal, RequiresRole } from '../platform/access/access.js';
import type { Principal } from '../platform/access/principal.js';
import { AnswersWith } from '../platform/openapi/documents.js';
import type { Outcome } from '../platform/responses/answer.js';
import { type CategorySummary, categorySchema } from './answers.schemas.js';
import {
  type CategoryChanges,
  categoryChangesSchema,
  type CategoryMergeBody,
  categoryMergeSchema,
  type CategoryReference,
  categoryReferenceSchema,
} from './categories.schemas.js';
import { CategoryEditor } from './category-editor.service.js';

@Controller('blog/api/categories')
@RequiresRole('admin')
export class CategoriesWritingController {
  constructor(private readonly editor: CategoryEditor) {}

  /** Renames or recolours a category. Every post and list shows the change at once. */
  @Patch(':id')
  @AnswersWith(200, categorySchema)
  revise(
    @Param({ schema: categoryReferenceSchema }) { id }: CategoryReference,
    @Body({ schema: categoryChangesSchema }) changes: CategoryChanges,
    @CurrentPrincipal() by: Principal,
    @Headers('idempotency-key') idempotencyKey?: string,
  ): Promise<Outcome<CategorySummary>> {
    return this.editor.revise(id, changes, { by, idempotencyKey });
  }

  /** Moves all posts of the category into another one and deletes it. Its addresses redirect. Not for General. */
  @Post(':id/merge')
  @AnswersWith(200, categorySchema)
  merge(
    @Param({ schema: categoryReferenceSchema }) { id }: CategoryReference,
    @Body({ schema: categoryMergeSchema }) { into }: CategoryMergeBody,
    @CurrentPrincipal() by: Principal,
    @Headers('idempotency-key') idempotencyKey?: string,
  ): Promise<Outcome<CategorySummary>> {
    return this.editor.merge(id, into, { by, idempotencyKey });
  }
}
