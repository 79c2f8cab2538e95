import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Pool } from 'pg';
import { Config } from '../config.js';
import { CostlyReads } from '../platform/database/costly-reads.js';
import { IdempotencyModule } from '../platform/idempotency/idempotency.module.js';
import { RateLimitsModule } from '../platform/rate-limits/rate-limits.module.js';
import { UsersDirectory } from '../users/users-directory.service.js';
import { CategoriesController } from './categories.controller.js';
import { CategoriesWritingController } from './categories-writing.controller.js';
import { CategoriesQueries } from './categories.queries.js';
import { CategoriesService } from './categories.service.js';
import { CategoryEditor } from './category-editor.service.js';
import { Category } from './category.entity.js';
import { PostChanges } from './post-changes.service.js';
import { PostEditor } from './post-editor.service.js';
import { PostExporter } from './post-exporter.service.js';
import { PostRenderer } from './post-renderer.service.js';
import { DraftTexts } from './draft-texts.service.js';
import { EditedDocuments } from './edited-documents.service.js';
import { Editing } from './editing.service.js';
import { SuggestionsService } from './suggestions.service.js';
import { PreviewLinks } from './preview-links.service.js';
import { PostTrash } from './post-trash.service.js';
import { PostImporter } from './post-importer.service.js';
import { Post } from './post.entity.js';
import { PostsOfRemoteAuthors } from './posts-of-remote-authors.queries.js';
import { PostsController } from './posts.controller.js';
import { PostsQueries } from './posts.queries.js';
import { PostsService } from './posts.service.js';
import { TagsController } from './tags.controller.js';
import { TagsQueries } from './tags.queries.js';
import { TagsService } from './tags.service.js';
import { WarmPaths } from './warm-paths.js';
import { PostsWritingController } from './posts-writing.controller.js';

/** Posts, drafts and categories. */
@Module({
  imports: [TypeOrmModule.forFeature([Post, Category]), IdempotencyModule, RateLimitsModule],
  controllers: [
    PostsController,
    PostsWritingController,
    CategoriesController,
    CategoriesWritingController,
    TagsController,
  ],
  providers: [
    {
      provide: PostsQueries,
      inject: [Config, Pool, CostlyReads, UsersDirectory],
      useFactory: ({ role }: Config, pool: Pool, costly: CostlyReads, directory: UsersDirectory) =>
        role === 'blog' ? new PostsOfRemoteAuthors(pool, costly, directory) : new PostsQueries(pool, costly),
    },
    CategoriesQueries,
    CategoriesService,
    CategoryEditor,
    TagsQueries,
    TagsService,
    PostsService,
    PostRenderer,
    PostChanges,
    PostEditor,
    PostTrash,
    PreviewLinks,
    SuggestionsService,
    DraftTexts,
    EditedDocuments,
    Editing,
    PostImporter,
    PostExporter,
    WarmPaths,
  ],
  exports: [
    PostsService,
    CategoriesService,
    CategoryEditor,
    PostEditor,
    Editing,
    PostTrash,
    PreviewLinks,
    SuggestionsService,
    PostRenderer,
    TagsService,
  ],
})
export class BlogModule {}
