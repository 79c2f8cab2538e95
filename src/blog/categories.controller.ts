import { Controller, Get } from '@nestjs/common';
import { Answer } from '../platform/responses/answer.js';
import { AnswersWith } from '../platform/openapi/documents.js';
import { Cached } from '../platform/responses/cached.decorator.js';
import { categoryListAnswer } from './answers.schemas.js';
import { CategoriesService } from './categories.service.js';

@Controller('blog/api/categories')
export class CategoriesController {
  constructor(private readonly categories: CategoriesService) {}

  /** All categories with published posts, and General, by name. */
  @Get()
  @Cached({ cache: 'categories', ttlSeconds: 3600 })
  @AnswersWith(200, categoryListAnswer)
  async list(): Promise<Answer> {
    return new Answer(await this.categories.list());
  }
}
