import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Param,
  Post,
  Put,
  Query,
  Res,
} from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { type Edited, type EditedDocument, Editing, typedTextSchema } from '../../blog/editing.service.js';
import { PostRenderer } from '../../blog/post-renderer.service.js';
import { SuggestionsService } from '../../blog/suggestions.service.js';
import { ByCookie, CurrentPrincipal, RequiresRole } from '../../platform/access/access.js';
import type { Principal } from '../../platform/access/principal.js';
import { NotCountedAsWrite, RateLimit } from '../../platform/rate-limits/rate-limit.decorator.js';
import { BodyLimit, POST_BODY_LIMIT } from '../../platform/server/body-limit.js';
import { EditorActions } from './editor-actions.service.js';

const savedTextSchema = typedTextSchema.extend({ base: z.string().max(200).optional() });
const previewSchema = z.strictObject({ content: z.string().max(400_000) });
const restoredSchema = z.strictObject({ slug: z.string().max(100).optional() }).default({});
const suggestSchema = z
  .object({ tags: z.string().max(100).optional(), categories: z.string().max(100).optional() })
  .refine(({ tags, categories }) => (tags === undefined) !== (categories === undefined), {
    error: 'give tags or categories',
  });

interface Conditions {
  readonly 'if-match'?: string;
  readonly 'idempotency-key'?: string;
}

const requestOf = (id: string, principal: Principal, headers: Conditions) => ({
  ...{ id, principal },
  ...{ ifMatch: headers['if-match'], idempotencyKey: headers['idempotency-key'] },
});

function answer(reply: FastifyReply, { document, etag }: Edited): EditedDocument {
  void reply.header('etag', etag);
  return document;
}

/** The API of the editor's script: docs/editor.md. */
@ByCookie()
@RequiresRole('author')
@Controller('studio/api')
export class EditorApiController {
  constructor(
    private readonly editing: Editing,
    private readonly actions: EditorActions,
    private readonly renderer: PostRenderer,
    private readonly suggestions: SuggestionsService,
  ) {}

  @Post('posts')
  @BodyLimit(POST_BODY_LIMIT)
  async create(
    @Body({ schema: typedTextSchema }) body: z.output<typeof typedTextSchema>,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Headers('idempotency-key') idempotencyKey?: string,
  ): Promise<EditedDocument> {
    const created = await this.editing.create(body, principal, idempotencyKey);
    void reply.header('location', `/studio/api/posts/${created.document.id}`);
    return answer(reply, created);
  }

  @Get('posts/:id')
  async open(
    @Param('id') id: string,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EditedDocument> {
    return answer(reply, await this.editing.open(id, principal));
  }

  /** The editor saves every second, so this does not count as a write. */
  @Put('posts/:id/text')
  @BodyLimit(POST_BODY_LIMIT)
  @NotCountedAsWrite()
  @RateLimit('save-text')
  async save(
    @Param('id') id: string,
    @Body({ schema: savedTextSchema }) { base, ...text }: z.output<typeof savedTextSchema>,
    @CurrentPrincipal() principal: Principal,
    @Headers() headers: Conditions,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EditedDocument> {
    return answer(reply, await this.editing.save(requestOf(id, principal, headers), text, base));
  }

  @Delete('posts/:id/text')
  async discard(
    @Param('id') id: string,
    @CurrentPrincipal() principal: Principal,
    @Headers() headers: Conditions,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EditedDocument> {
    return answer(reply, await this.editing.discard(requestOf(id, principal, headers)));
  }

  @Post('posts/:id/publish')
  @HttpCode(200)
  async publish(
    @Param('id') id: string,
    @CurrentPrincipal() principal: Principal,
    @Headers() headers: Conditions,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EditedDocument> {
    return answer(reply, await this.editing.publish(requestOf(id, principal, headers)));
  }

  @Post('posts/:id/unpublish')
  @HttpCode(200)
  async unpublish(
    @Param('id') id: string,
    @CurrentPrincipal() principal: Principal,
    @Headers() headers: Conditions,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EditedDocument> {
    return answer(reply, await this.editing.unpublish(requestOf(id, principal, headers)));
  }

  @Delete('posts/:id')
  @HttpCode(204)
  async trash(
    @Param('id') id: string,
    @CurrentPrincipal() principal: Principal,
    @Headers() headers: Conditions,
  ): Promise<void> {
    await this.actions.trash(requestOf(id, principal, headers));
  }

  @Post('posts/:id/restore')
  @HttpCode(200)
  async restore(
    @Param('id') id: string,
    @Body({ schema: restoredSchema }) { slug }: z.output<typeof restoredSchema>,
    @CurrentPrincipal() principal: Principal,
    @Headers() headers: Conditions,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EditedDocument> {
    return answer(reply, await this.actions.restore(requestOf(id, principal, headers), slug));
  }

  @Post('posts/:id/preview-link')
  @HttpCode(200)
  async share(
    @Param('id') id: string,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EditedDocument> {
    return answer(reply, await this.actions.share({ id, principal }));
  }

  @Delete('posts/:id/preview-link')
  async revoke(
    @Param('id') id: string,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EditedDocument> {
    return answer(reply, await this.actions.revoke({ id, principal }));
  }

  /** Renders a text as readers would see it. */
  @Post('preview')
  @HttpCode(200)
  @BodyLimit(POST_BODY_LIMIT)
  @NotCountedAsWrite()
  @RateLimit('save-text')
  async preview(
    @Body({ schema: previewSchema }) { content }: z.output<typeof previewSchema>,
    @CurrentPrincipal() { userId }: Principal,
  ): Promise<{ html: string }> {
    return { html: (await this.renderer.render(content, 'markdown', String(userId))).contentHtml };
  }

  /** Names that begin like this, for completion. */
  @Get('suggest')
  suggest(
    @Query({ schema: suggestSchema }) { tags, categories }: z.output<typeof suggestSchema>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<{ name: string; slug: string; post_count: number }[]> {
    return tags === undefined
      ? this.suggestions.categories(categories ?? '', principal)
      : this.suggestions.tags(tags, principal);
  }
}
