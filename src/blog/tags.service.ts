import { Injectable } from '@nestjs/common';
import { tagSlug } from '../platform/slugs/tag-slug.js';
import { type TagPageRow, TagsQueries } from './tags.queries.js';

export interface TagRequest {
  /** 1–100. */
  readonly limit: number;
  /** The beginning of a tag, in any script. */
  readonly q?: string | undefined;
  /** `last` of the previous page. */
  readonly after?: string | undefined;
}

@Injectable()
export class TagsService {
  constructor(private readonly queries: TagsQueries) {}

  /** Tags of published posts with the number of their posts, by slug. `body` is a JSON array of TagSummary. */
  async page({ q, ...list }: TagRequest): Promise<TagPageRow & { readonly tags: readonly string[] }> {
    const prefix = q === undefined ? undefined : tagSlug(q);
    return { ...(await this.queries.page({ ...list, prefix })), tags: ['tags'] };
  }
}
