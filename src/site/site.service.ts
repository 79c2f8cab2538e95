import { Injectable } from '@nestjs/common';
import { CategoriesService } from '../blog/categories.service.js';
import { type CategorySummary, PostsService } from '../blog/posts.service.js';
import { Config } from '../config.js';
import { SettingsService } from '../settings/settings.service.js';
import { Answer } from '../platform/responses/answer.js';
import type { Provenance } from '../platform/coherence/coherence.js';
import { categoriesPage } from './categories-page.js';
import { withPosts } from './category-links.js';
import { listPage } from './list-page.js';
import { listHref, postHref } from './post-links.js';
import { postPage } from './post-page.js';
import { type SiteView, siteViewOf } from './site-view.js';
import { PageNotFound } from './site.problems.js';
import type { PageQuery } from './site.schemas.js';

const CATEGORIES_A_PAGE = 500;
const HTML = 'text/html; charset=utf-8';

interface AnswerSource {
  readonly tags: readonly string[];
  readonly snapshot: string;
  readonly inputs?: readonly Provenance[];
}

/**
 * Combines two reads, one after the other. The snapshot of the first holds for both, because the second is newer.
 * Inputs may be older and keep their own provenance.
 */
const combined = (first: AnswerSource, second: AnswerSource): Required<AnswerSource> => ({
  tags: [...first.tags, ...second.tags],
  snapshot: first.snapshot,
  inputs: [...(first.inputs ?? []), ...(second.inputs ?? [])],
});

interface ShownSite {
  readonly view: SiteView;
  readonly provenance: Provenance;
}

/** Every page shows the settings of the blog, so they are an input of every answer. */
const shownBy = ({ provenance }: ShownSite, reading: AnswerSource): Required<AnswerSource> => ({
  tags: reading.tags,
  snapshot: reading.snapshot,
  inputs: [...(reading.inputs ?? []), provenance],
});

@Injectable()
export class SiteService {
  constructor(
    private readonly posts: PostsService,
    private readonly categories: CategoriesService,
    private readonly settings: SettingsService,
    private readonly config: Config,
  ) {}

  /** @throws CursorOfAnotherList 400 */
  async list(query: PageQuery): Promise<Answer> {
    const site = await this.site();
    const categories = await this.categories.list();
    const limit = site.view.settings.posts_per_page;
    const page = await this.posts.findPublishedPage({ ...query, limit });
    if (page.items.length === 0 && query.category !== undefined) {
      const { slug: category, ...former } = await this.categories.findFormer(query.category);
      // A cursor belongs to the list that it came from.
      const { cursor: _cursor, ...filter } = query;
      if (category !== null) return moved(listHref({ ...filter, category }), combined(categories, former));
    }
    const body = listPage(site.view, {
      query,
      posts: page.items,
      next: page.next,
      categories: JSON.parse(categories.body) as CategorySummary[],
    });
    const isEmpty = page.items.length === 0;
    return new Answer({ body, contentType: HTML, isEmpty, ...shownBy(site, combined(categories, page)) });
  }

  /** One page of all categories with posts. @param page from 1 */
  async allCategories(page: number): Promise<Answer> {
    const site = await this.site();
    const { body: json, ...reading } = await this.categories.list();
    const all = withPosts(JSON.parse(json) as CategorySummary[]);
    const end = page * CATEGORIES_A_PAGE;
    const categories = all.slice(end - CATEGORIES_A_PAGE, end);
    const body = categoriesPage(site.view, { categories, page, hasMore: all.length > end });
    return new Answer({
      body,
      contentType: HTML,
      isEmpty: categories.length === 0,
      ...shownBy(site, reading),
    });
  }

  /** @throws PageNotFound 404 */
  async post(slug: string): Promise<Answer> {
    const { post, movedTo, ...reading } = await this.posts.findPublishedBySlug(slug);
    if (post !== null) {
      const site = await this.site();
      const body = postPage(site.view, post, { publicUrl: this.config.publicUrl });
      return new Answer({ body, contentType: HTML, ...shownBy(site, reading) });
    }
    if (movedTo !== null) return moved(postHref(movedTo), reading);
    const former = await this.posts.findFormerAddress(postHref(slug));
    if (former.slug !== null) return moved(postHref(former.slug), combined(reading, former));
    throw new PageNotFound(postHref(slug), combined(reading, former));
  }

  private async site(): Promise<ShownSite> {
    const { value, provenance } = await this.settings.find();
    return { view: siteViewOf(value), provenance };
  }
}

const moved = (location: string, reading: AnswerSource): Answer =>
  new Answer({ status: 301, headers: { location }, body: '', contentType: HTML, ...reading });
