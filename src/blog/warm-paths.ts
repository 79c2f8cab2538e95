import { Injectable } from '@nestjs/common';
import { WarmUp } from '../platform/responses/warm-up.js';
import { CategoriesService } from './categories.service.js';
import { PostsService } from './posts.service.js';

const NEWEST = 100;

/** The pages that readers request first: the first pages of the lists, the categories and tags, the newest posts. */
@Injectable()
export class WarmPaths {
  constructor(
    warmUp: WarmUp,
    private readonly posts: PostsService,
    private readonly categories: CategoriesService,
  ) {
    warmUp.register(() => this.paths());
  }

  private async paths(): Promise<string[]> {
    const { body } = await this.categories.list();
    const categories = JSON.parse(body) as { slug: string }[];
    const { items } = await this.posts.findPublishedPage({ limit: NEWEST });
    return [
      '/blog/api/posts',
      '/blog/api/categories',
      '/blog/api/tags',
      ...categories.map(({ slug }) => `/blog/api/posts?category=${slug}`),
      ...items.map(({ slug }) => `/blog/api/posts/${slug}`),
    ];
  }
}
