import { Controller, Get, Param, Query } from '@nestjs/common';
import { CurrentPrincipal } from '../platform/access/access.js';
import type { Principal } from '../platform/access/principal.js';
import { Answer } from '../platform/responses/answer.js';
import { AnswersWith, Documents } from '../platform/openapi/documents.js';
import { Cached } from '../platform/responses/cached.decorator.js';
import { postListAnswer, postSchema } from './answers.schemas.js';
import { CategoriesService } from './categories.service.js';
import { OwnPostsNeedLogin, PostNotFound } from './posts.problems.js';
import { isCostlyList, type Page, PostsService, type WriterView } from './posts.service.js';
import { isOfWriter, ME, type PostListQuery, postListSchema, postReferenceSchema } from './posts.schemas.js';

const PATH = '/blog/api/posts';

/** Searches can be made up in endless variety, and drafts are private. */
const isStored = (query: PostListQuery): boolean => query.q === undefined && !isOfWriter(query);
const isTransient = ({ cursor, offset }: PostListQuery): boolean =>
  cursor !== undefined || offset !== undefined;

@Controller(PATH)
export class PostsController {
  constructor(
    private readonly posts: PostsService,
    private readonly categories: CategoriesService,
  ) {}

  /**
   * Published posts, newest first. With a login, your own posts and drafts, and their number in `Total-Count`. The `Link`
   * header leads to the next page. A former slug of a category redirects.
   */
  @Get()
  @Cached({
    cache: 'posts',
    ttlSeconds: 60,
    query: postListSchema,
    isStored,
    isTransient,
    isCostly: isCostlyList,
  })
  @AnswersWith(200, postListAnswer)
  @Documents({ answers: [{ status: 429 }, { status: 503 }] })
  async list(
    @Query({ schema: postListSchema }) query: PostListQuery,
    @CurrentPrincipal() principal: Principal | undefined,
  ): Promise<Answer> {
    const { status: _status, sort: _sort, ...request } = query;
    if (!isOfWriter(query)) return this.published(await this.posts.page(request), query);
    if (principal === undefined) throw new OwnPostsNeedLogin();
    const author = query.author === ME ? undefined : query.author;
    return listAnswer(
      await this.posts.page({ ...request, author, writer: writerOf(query, principal) }),
      query,
    );
  }

  /** Published posts. The list of a category that was renamed or merged is at another address now. */
  private async published(page: Page, query: PostListQuery): Promise<Answer> {
    if (query.category === undefined || page.body !== '[]') return listAnswer(page, query);
    const { slug: category, tags } = await this.categories.findFormer(query.category);
    const read = { ...page, tags: [...page.tags, ...tags] };
    if (category === null) return listAnswer(read, query);
    const { snapshot, inputs = [] } = page;
    // A cursor belongs to the list that it came from.
    const location = listPath({ ...query, category, cursor: undefined });
    return new Answer({ ...movedTo(location), tags: read.tags, snapshot, inputs, isEmpty: true });
  }

  /** A post by its id or slug. A former slug redirects. Only their authors find drafts. */
  @Get(':id')
  @Cached({ cache: 'post', ttlSeconds: 300, params: postReferenceSchema })
  @AnswersWith(200, postSchema)
  async get(
    @Param({ schema: postReferenceSchema }) { id: reference }: { id: string },
    @CurrentPrincipal() principal: Principal | undefined,
  ): Promise<Answer> {
    const viewer = { userId: principal?.userId ?? null, isAdmin: principal?.role === 'admin' };
    const found = await this.posts.find(reference, viewer);
    if (found.id === null) throw new PostNotFound(reference, found);
    const { slug, body, version, tags, snapshot, inputs = [], isPublic } = found;
    if (!isAddressOf(reference, found)) return movedAnswer(slug, { tags, snapshot });
    return new Answer({ body, version, tags, snapshot, inputs, isPrivate: !isPublic });
  }
}

/** Administrators see everybody's drafts, unless they ask for their own posts. */
function writerOf({ author, status, sort }: PostListQuery, { role, userId }: Principal): WriterView {
  return { authorId: author !== ME && role === 'admin' ? null : userId, status, sort };
}

const isAddressOf = (reference: string, post: { id: number; slug: string }): boolean =>
  reference === post.slug || reference === String(post.id);

/** Not shared, because the author of a draft with this slug gets the draft instead. */
function movedAnswer(slug: string, read: { tags: readonly string[]; snapshot: string }): Answer {
  return new Answer({ ...read, ...movedTo(`${PATH}/${slug}`), isPrivate: true });
}

const movedTo = (location: string) => ({
  status: 308,
  headers: { location },
  body: JSON.stringify({ location }),
});

function listAnswer(page: Page, query: PostListQuery): Answer {
  const { body, next, total, tags, snapshot, inputs = [] } = page;
  const isPrivate = isOfWriter(query);
  const headers = {
    ...(next === null ? {} : { link: `<${nextPath(query, next)}>; rel="next"` }),
    ...(total === null ? {} : { 'total-count': String(total) }),
  };
  return new Answer({ body, tags, snapshot, inputs, isPrivate, headers, isEmpty: body === '[]' });
}

/** The same list, from the cursor on. */
const nextPath = ({ offset: _offset, ...query }: PostListQuery, cursor: string): string =>
  listPath({ ...query, cursor });

function listPath(query: PostListQuery): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  return `${PATH}?${parameters.toString()}`;
}
