import { Module } from '@nestjs/common';
import { BlogModule } from '../../blog/blog.module.js';
import { StudioCategoriesController } from './studio-categories.controller.js';

/** The pages of categories. */
@Module({ imports: [BlogModule], controllers: [StudioCategoriesController] })
export class StudioCategoriesModule {}
