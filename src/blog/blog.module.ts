import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { IdempotencyModule } from '../platform/idempotency/idempotency.module.js';
import { CategoriesController } from './categories.controller.js';
import { CategoriesQueries } from './categories.queries.js';
import { CategoriesService } from './categories.service.js';
import { Category } from './category.entity.js';
import { PostEditor } from './post-editor.service.js';
import { PostExporter } from './post-exporter.service.js';
import { PostImporter } from './post-importer.service.js';
import { Post } from './post.entity.js';
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
    PostsQueries,
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
