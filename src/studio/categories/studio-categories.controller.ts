import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import {
  categoryChangesSchema,
  CategoryEditor,
  type CategoryReference,
  categoryReferenceSchema,
} from '../../blog/category-editor.service.js';
import { ByCookie, CurrentPrincipal, RequiresRole } from '../../platform/access/access.js';
import type { Principal } from '../../platform/access/principal.js';
import type { FormBody } from '../../platform/server/form-body.js';
import { answerForm, parseForm, valueOf } from '../form.js';
import { CurrentVisit, type Visit } from '../visit.js';
import { categoriesPage } from './categories-page.js';
import { categoryPage } from './category-page.js';

const MAX_SEARCH_LENGTH = 50;

/** The first page for whatever is no page. */
const pageOf = (text: string): number => (/^[1-9]\d{0,4}$/.test(text) ? Number(text) : 1);

const mergeFormSchema = z.strictObject({ into: categoryReferenceSchema.shape.id });

/** Categories, for administrators. */
@ByCookie()
@RequiresRole('admin')
@Controller('studio/categories')
export class StudioCategoriesController {
  constructor(private readonly editor: CategoryEditor) {}

  @Get()
  async list(@CurrentVisit() visit: Visit, @Query() query: FormBody): Promise<string> {
    const q = valueOf(query, 'q').trim().slice(0, MAX_SEARCH_LENGTH);
    const page = pageOf(valueOf(query, 'page'));
    return categoriesPage(visit, { q, page, ...(await this.editor.listAll(q, page)) });
  }

  @Get(':id')
  async edit(
    @CurrentVisit() visit: Visit,
    @Param({ schema: categoryReferenceSchema }) { id }: CategoryReference,
  ): Promise<string> {
    return categoryPage(visit, await this.editor.read(id));
  }

  @Post(':id')
  revise(
    @CurrentVisit() visit: Visit,
    @Param({ schema: categoryReferenceSchema }) { id }: CategoryReference,
    @CurrentPrincipal() by: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() form: FormBody = {},
  ): Promise<string> {
    return answerForm(
      { reply, visit },
      async () => {
        await this.editor.revise(id, parseForm(categoryChangesSchema, form), { by });
        return `/studio/categories/${id}?done=saved`;
      },
      async (errors) => {
        const typed = { name: valueOf(form, 'name'), color: valueOf(form, 'color') };
        return categoryPage(visit, { ...(await this.editor.read(id)), typed, errors });
      },
    );
  }

  @Post(':id/merge')
  merge(
    @CurrentVisit() visit: Visit,
    @Param({ schema: categoryReferenceSchema }) { id }: CategoryReference,
    @CurrentPrincipal() by: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() form: FormBody = {},
  ): Promise<string> {
    return answerForm(
      { reply, visit },
      async () => {
        const { value } = await this.editor.merge(id, parseForm(mergeFormSchema, form).into, { by });
        return `/studio/categories/${value.id}?done=category-merged`;
      },
      async (errors) => categoryPage(visit, { ...(await this.editor.read(id)), errors }),
    );
  }
}
