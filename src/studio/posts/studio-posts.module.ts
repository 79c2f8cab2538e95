import { Module } from '@nestjs/common';
import { BlogModule } from '../../blog/blog.module.js';
import { StudioPostsController } from './studio-posts.controller.js';

/** The list of posts. */
@Module({ imports: [BlogModule], controllers: [StudioPostsController] })
export class StudioPostsModule {}
