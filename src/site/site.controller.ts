import { Controller, Get, Header, Param, Query, Redirect, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isCostlyList } from '../blog/posts.service.js';
import { Answer } from '../platform/responses/answer.js';
import { Cached } from '../platform/responses/cached.decorator.js';
import { Documents } from '../platform/openapi/documents.js';
import {
  type CategoriesQuery,
  categoriesQuerySchema,
  type PageQuery,
  pageQuerySchema,
  slugSchema,
  type StylesheetQuery,
  stylesheetQuerySchema,
} from './site.schemas.js';
import { SiteService } from './site.service.js';
import { stylesheet } from '../platform/pages/stylesheet.js';
import { accentedStylesheet } from '../platform/pages/accented-stylesheet.js';

const isStored = ({ q }: PageQuery): boolean => q === undefined;
const isTransient = ({ cursor }: PageQuery): boolean => cursor !== undefined;

const IMMUTABLE = 'public, max-age=31536000, immutable';

/** The icon of a blog that has none of its own. */
const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path fill="#1f5fae" d="M16 2C22 11 26 16 26 21a10 10 0 0 1-20 0c0-5 4-10 10-19z"/></svg>`;

/** The pages of the blog. */
@Documents({ isHidden: true })
@Controller()
export class SiteController {
  constructor(private readonly site: SiteService) {}

  @Get()
  @Redirect('/blog/', 302)
  root(): void {}

  @Get('blog')
  @Redirect('', 301)
  withoutSlash(@Req() { url }: FastifyRequest): { url: string } {
    return { url: url.replace('/blog', '/blog/') };
  }

  // Nest removes one trailing slash.
  @Get('blog//')
  @Cached({
    cache: 'page',
    ttlSeconds: 60,
    query: pageQuerySchema,
    isStored,
    isTransient,
    isCostly: isCostlyList,
  })
  list(@Query({ schema: pageQuerySchema }) query: PageQuery): Promise<Answer> {
    return this.site.list(query);
  }

  @Get('blog/categories')
  @Cached({
    cache: 'page',
    ttlSeconds: 300,
    query: categoriesQuerySchema,
    isTransient: ({ page }: CategoriesQuery) => page > 1,
  })
  categories(@Query({ schema: categoriesQuerySchema }) { page }: CategoriesQuery): Promise<Answer> {
    return this.site.allCategories(page);
  }

  @Get('blog/posts/:slug')
  @Cached({ cache: 'page', ttlSeconds: 300, params: slugSchema })
  post(@Param({ schema: slugSchema }) { slug }: { slug: string }): Promise<Answer> {
    return this.site.post(slug);
  }

  @Get(stylesheet.path)
  @Header('content-type', 'text/css; charset=utf-8')
  style(
    @Query({ schema: stylesheetQuerySchema }) query: StylesheetQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): string {
    const { css, isNamed } = accentedStylesheet(query);
    void reply.header('cache-control', isNamed ? IMMUTABLE : 'no-cache');
    return css;
  }

  @Get('/blog/assets/icon.svg')
  @Header('content-type', 'image/svg+xml')
  @Header('cache-control', 'public, max-age=86400')
  icon(): string {
    return ICON;
  }
}
