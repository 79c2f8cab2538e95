import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Editing } from '../../blog/editing.service.js';
import { PostTrash, SlugTakenMeanwhile } from '../../blog/post-trash.service.js';
import { ByCookie, CurrentPrincipal, RequiresRole } from '../../platform/access/access.js';
import type { Principal } from '../../platform/access/principal.js';
import { BodyLimit, POST_BODY_LIMIT } from '../../platform/server/body-limit.js';
import type { FormBody } from '../../platform/server/form-body.js';
import { answerForm, type FormErrors, valueOf } from '../form.js';
import { CurrentVisit, type Visit } from '../visit.js';
import { EditorActions } from './editor-actions.service.js';
import { EditorForms } from './editor-forms.service.js';
import { editorPage } from './editor-page.js';
import { trashPage, type TrashPage } from './trash-page.js';
import { trashedPage } from './trashed-page.js';
import { typedIn } from './typed-post.js';

const A_PAGE = 50;
const MAX_PAGE = 1_000;

const pageIn = (given: unknown): number =>
  typeof given === 'string' && /^\d{1,4}$/.test(given) ? Math.min(Number(given), MAX_PAGE) : 0;

/** Remembers why an action failed, for the page that shows the form again. */
async function remembering<T>(reasons: unknown[], act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    reasons.push(error);
    throw error;
  }
}

/** Writes posts by plain forms. */
@ByCookie()
@RequiresRole('author')
@Controller('studio/posts')
export class EditorController {
  constructor(
    private readonly editing: Editing,
    private readonly forms: EditorForms,
    private readonly actions: EditorActions,
    private readonly trash: PostTrash,
  ) {}

  @Get('new')
  async blank(@CurrentVisit() visit: Visit, @CurrentPrincipal() principal: Principal): Promise<string> {
    return editorPage(visit, await this.forms.page(principal));
  }

  @Post('new')
  @HttpCode(200)
  @BodyLimit(POST_BODY_LIMIT)
  async begin(
    @CurrentVisit() visit: Visit,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() form: FormBody = {},
  ): Promise<string> {
    const typed = typedIn(form);
    const action = valueOf(form, 'action');
    if (action === 'preview') return editorPage(visit, await this.forms.preview(principal, typed));
    return answerForm(
      { reply, visit },
      () => this.forms.begin(typed, action, principal),
      async (errors) =>
        editorPage(visit, await this.forms.refused(principal, typed, { errors, cause: null })),
    );
  }

  @Get('trash')
  async listTrash(
    @CurrentVisit() visit: Visit,
    @CurrentPrincipal() principal: Principal,
    @Query('page') page?: unknown,
  ): Promise<string> {
    return trashPage(visit, await this.trashOf(principal, pageIn(page)));
  }

  @Get(':id')
  async edit(
    @CurrentVisit() visit: Visit,
    @CurrentPrincipal() principal: Principal,
    @Param('id') id: string,
  ): Promise<string> {
    const edited = await this.editing.open(id, principal);
    if (edited.document.trashed_at !== null) return trashedPage(visit, edited.document);
    return editorPage(visit, await this.forms.page(principal, edited));
  }

  @Post(':id')
  @HttpCode(200)
  @BodyLimit(POST_BODY_LIMIT)
  async save(
    @CurrentVisit() visit: Visit,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('id') id: string,
    @Body() form: FormBody = {},
  ): Promise<string> {
    const typed = typedIn(form);
    const action = valueOf(form, 'action');
    const reasons: unknown[] = [];
    if (action === 'preview')
      return editorPage(
        visit,
        await this.forms.preview(principal, typed, await this.editing.open(id, principal)),
      );
    return answerForm(
      { reply, visit },
      () => remembering(reasons, () => this.forms.perform(id, typed, action, principal)),
      async (errors: FormErrors) => {
        const edited = await this.editing.open(id, principal);
        const cause = reasons[0];
        return editorPage(visit, await this.forms.refused(principal, typed, { errors, cause, edited }));
      },
    );
  }

  @Post(':id/restore')
  restore(
    @CurrentVisit() visit: Visit,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('id') id: string,
    @Body() form: FormBody = {},
  ): Promise<string> {
    const slug = valueOf(form, 'slug').trim();
    const reasons: unknown[] = [];
    return answerForm(
      { reply, visit },
      () =>
        remembering(reasons, async () => {
          await this.actions.restore({ id, principal }, slug === '' ? undefined : slug);
          return `/studio/posts/${id}?done=restored`;
        }),
      async (errors) => {
        const list = await this.trashOf(principal, pageIn(valueOf(form, 'page')));
        const [reason] = reasons;
        const refused =
          reason instanceof SlugTakenMeanwhile ? { refused: { id: Number(id), slug: reason.free } } : {};
        return trashPage(visit, { ...list, ...refused, errors });
      },
    );
  }

  private async trashOf({ role, userId }: Principal, page: number): Promise<TrashPage> {
    const all = await this.trash.list(role === 'admin' ? null : userId, {
      limit: A_PAGE + 1,
      offset: A_PAGE * page,
    });
    return { posts: all.slice(0, A_PAGE), page, hasMore: all.length > A_PAGE };
  }
}
