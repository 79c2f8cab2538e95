import { CACHE_MANAGER, type Cache, CacheInterceptor, CacheTTL } from '@nestjs/cache-manager';
import {
  Body,
  Controller,
  Get,
  Inject,
  NotFoundException,
  Param,
  Patch,
  UseInterceptors,
} from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { Post } from './entities.js';

const TTL_MS = Number(process.env['TTL_MS'] ?? 3_600_000);

/** The same two reads as Inkwell's and one write, written as in the manuals of Nest and TypeORM. */
@Controller('blog/api/posts')
@UseInterceptors(CacheInterceptor)
export class PostsController {
  constructor(
    @InjectRepository(Post) private readonly posts: Repository<Post>,
    @Inject(CACHE_MANAGER) private readonly cache: Cache,
  ) {}

  @Get()
  @CacheTTL(TTL_MS)
  async list() {
    const posts = await this.posts.find({
      where: { status: 'published' },
      relations: { author: true, category: true },
      order: { createdAt: 'DESC', id: 'DESC' },
      take: 20,
    });
    return posts.map(summaryOf);
  }

  @Get(':slug')
  @CacheTTL(TTL_MS)
  async get(@Param('slug') slug: string) {
    const post = await this.posts.findOne({ where: { slug }, relations: { author: true, category: true } });
    if (post === null) throw new NotFoundException();
    return detailOf(post);
  }

  @Patch(':slug')
  async revise(@Param('slug') slug: string, @Body() { title }: { title: string }) {
    await this.posts.update({ slug }, { title });
    await this.cache.clear();
    return { slug, title };
  }
}

const timesOf = (post: Post) => ({ created_at: post.createdAt, updated_at: post.updatedAt });
const categoryOf = ({ category: { id, name, slug } }: Post) => ({ id, name, slug });

const summaryOf = (post: Post) => ({
  id: post.id,
  slug: post.slug,
  title: post.title,
  author: post.author.username,
  excerpt: post.excerpt,
  category: categoryOf(post),
  tags: post.tags,
  ...timesOf(post),
});

const detailOf = (post: Post) => ({
  id: post.id,
  slug: post.slug,
  title: post.title,
  content: post.content,
  content_html: post.contentHtml,
  author: post.author.username,
  category: categoryOf(post),
  tags: post.tags,
  status: post.status,
  ...timesOf(post),
});
