import { Controller, Get, Header, Param, Query, Redirect, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
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
} from './site.schemas.js';
import { SiteService } from './site.service.js';
import { stylesheet } from '../platform/pages/stylesheet.js';

const isStored = ({ q }: PageQuery): boolean => q === undefined;
const isTransient = ({ cursor }: PageQuery): boolean => cursor !== undefined;

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
  @Header('cache-control', 'public, max-age=31536000, immutable')
  style(): string {
    return stylesheet.css;
  }
}
