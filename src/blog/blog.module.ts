import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Pool } from 'pg';
import { Config } from '../config.js';
import { IdempotencyModule } from '../platform/idempotency/idempotency.module.js';
import { UsersDirectory } from '../users/users-directory.service.js';
import { CategoriesController } from './categories.controller.js';
import { CategoriesQueries } from './categories.queries.js';
import { CategoriesService } from './categories.service.js';
import { Category } from './category.entity.js';
import { PostEditor } from './post-editor.service.js';
import { PostExporter } from './post-exporter.service.js';
import { PostImporter } from './post-importer.service.js';
import { Post } from './post.entity.js';
import { PostsOfAskedAuthors } from './posts-of-asked-authors.queries.js';
import { PostsController } from './posts.controller.js';
import { PostsQueries } from './posts.queries.js';
import { PostsService } from './posts.service.js';
import { WarmPaths } from './warm-paths.js';
import { PostsWritingController } from './posts-writing.controller.js';

/** Posts, drafts and categories. */
@Module({
  imports: [TypeOrmModule.forFeature([Post, Category]), IdempotencyModule],
  controllers: [PostsController, PostsWritingController, CategoriesController],
  providers: [
    {
      provide: PostsQueries,
      inject: [Config, Pool, UsersDirectory],
      useFactory: ({ role }: Config, pool: Pool, directory: UsersDirectory) =>
        role === 'blog' ? new PostsOfAskedAuthors(pool, directory) : new PostsQueries(pool),
    },
    CategoriesQueries,
    CategoriesService,
    PostsService,
    PostEditor,
    PostImporter,
    PostExporter,
    WarmPaths,
  ],
  exports: [PostsService, CategoriesService, PostEditor],
})
export class BlogModule {}
