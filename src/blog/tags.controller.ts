import { Controller, Get, Query } from '@nestjs/common';
import { AnswersWith, Documents } from '../platform/openapi/documents.js';
import { Answer } from '../platform/responses/answer.js';
import { Cached } from '../platform/responses/cached.decorator.js';
import { tagListAnswer } from './answers.schemas.js';
import { type TagListQuery, tagListSchema } from './tags.schemas.js';
import { TagsService } from './tags.service.js';

const PATH = '/blog/api/tags';

/** Beginnings of tags can be made up in endless variety. */
const hasWords = ({ q }: TagListQuery): boolean => q !== undefined;

@Controller(PATH)
export class TagsController {
  constructor(private readonly tags: TagsService) {}

  /**
   * Tags of published posts with the number of their posts, by slug. A tag that is spelt in several ways is shown as the
   * newest of its posts spells it. The `Link` header leads to the next page.
   */
  @Get()
  @Cached({
    cache: 'tags',
    ttlSeconds: 3600,
    query: tagListSchema,
    isStored: (query: TagListQuery) => !hasWords(query),
    isTransient: ({ cursor }: TagListQuery) => cursor !== undefined,
    isCostly: hasWords,
  })
  @AnswersWith(200, tagListAnswer)
  @Documents({ answers: [{ status: 429 }, { status: 503 }] })
  async list(@Query({ schema: tagListSchema }) query: TagListQuery): Promise<Answer> {
    const { q, limit, cursor: after } = query;
    const { body, last, tags, snapshot } = await this.tags.page({ q, limit, after });
    const headers = last === null ? {} : { link: `<${nextPath(query, last)}>; rel="next"` };
    return new Answer({ body, tags, snapshot, headers, isEmpty: body === '[]' });
  }
}

function nextPath({ q, limit }: TagListQuery, cursor: string): string {
  const parameters = new URLSearchParams({ ...(q === undefined ? {} : { q }), limit: String(limit), cursor });
  return `${PATH}?${parameters.toString()}`;
}
