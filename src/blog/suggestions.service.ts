import { Injectable } from '@nestjs/common';
import type { Principal } from '../platform/access/principal.js';
import { CostlyReads } from '../platform/database/costly-reads.js';
import { tagSlug } from '../platform/slugs/tag-slug.js';
import { GENERAL_ID } from './category.entity.js';
import { whoseView } from './whose-view.js';

const LIMIT = 10;

export interface Suggestion {
  readonly name: string;
  readonly slug: string;
  /** Published posts. */
  readonly post_count: number;
}

/** Drafts of others, from the view of user $2, do not exist. */
const SEEN = `(p.status = 'published' OR $2::integer IS NULL OR p.author_id = $2)`;

const CATEGORIES = `
  SELECT c.name, c.slug, count(p.id) FILTER (WHERE p.status = 'published')::integer AS post_count
  FROM categories c LEFT JOIN posts p ON p.category_id = c.id AND ${SEEN}
  WHERE starts_with(lower(c.name), lower($1))
  GROUP BY c.id HAVING c.id = ${GENERAL_ID} OR count(p.id) > 0
  ORDER BY post_count DESC, lower(c.name) LIMIT ${LIMIT}`;

/** A tag may be written in several ways: the commonest is suggested. */
const TAGS = `
  SELECT mode() WITHIN GROUP (ORDER BY t.name) AS name, t.slug, count(*) FILTER (WHERE p.status = 'published')::integer AS post_count
  FROM posts p, unnest(p.tags, p.tag_slugs) AS t (name, slug)
  WHERE ${SEEN} AND (starts_with(t.slug, $3) OR starts_with(lower(t.name), lower($1)))
  GROUP BY t.slug ORDER BY post_count DESC, t.slug LIMIT ${LIMIT}`;

/** Names to complete what an author types. */
@Injectable()
export class SuggestionsService {
  constructor(private readonly reads: CostlyReads) {}

  /** @param start of the name; empty for the commonest */
  async categories(start: string, principal: Principal): Promise<Suggestion[]> {
    const values = [start, whoseView(principal) ?? null];
    return (await this.reads.query<Suggestion>({ text: CATEGORIES, values })).rows;
  }

  /** @param start of the name; empty for the commonest */
  async tags(start: string, principal: Principal): Promise<Suggestion[]> {
    const values = [start, whoseView(principal) ?? null, tagSlug(start)];
    return (await this.reads.query<Suggestion>({ text: TAGS, values })).rows;
  }
}
