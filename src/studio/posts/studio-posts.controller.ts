import { Controller, Get, Query } from '@nestjs/common';
import { CategoriesService } from '../../blog/categories.service.js';
import { type PostSummary, PostsService } from '../../blog/posts.service.js';
import { ByCookie, CurrentPrincipal, RequiresLogin } from '../../platform/access/access.js';
import type { Principal } from '../../platform/access/principal.js';
import { CurrentVisit, type Visit } from '../visit.js';
import { postsPage } from './posts-page.js';
import { type PostsQuery, postsQuerySchema } from './posts-query.js';

const POSTS_A_PAGE = 30;

/** The list of one's own posts. */
@ByCookie()
@RequiresLogin()
@Controller('studio/posts')
export class StudioPostsController {
  constructor(
    private readonly posts: PostsService,
    private readonly categories: CategoriesService,
  ) {}

  @Get()
  async list(
    @CurrentVisit() visit: Visit,
    @Query({ schema: postsQuerySchema }) given: PostsQuery,
    @CurrentPrincipal() { userId, role }: Principal,
  ): Promise<string> {
    const whose = role === 'admin' ? given.whose : 'mine';
    const { status, sort, category, q, cursor } = given;
    const authorId = whose === 'all' ? null : userId;
    const writer = { authorId, status, sort };
    const [page, categories] = await Promise.all([
      this.posts.page({ limit: POSTS_A_PAGE, category, q, cursor, writer }),
      this.categories.listOfWriter(authorId),
    ]);
    const posts = JSON.parse(page.body) as PostSummary[];
    return postsPage(visit, {
      query: { ...given, whose },
      posts,
      total: page.total ?? posts.length,
      next: page.next,
      categories,
    });
  }
}
