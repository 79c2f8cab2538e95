import type { Position } from './cursor.js';
import type { PostStatus } from './post.entity.js';

export interface PostFilter {
  /** Slugs. */
  readonly category?: string | undefined;
  readonly tag?: string | undefined;
  /** User name. */
  readonly author?: string | undefined;
  /** Search words. */
  readonly q?: string | undefined;
}

/** By the date shown, by the last change, or by title. */
export const POST_SORTS = ['newest', 'oldest', 'updated', 'title'] as const;
export type PostSort = (typeof POST_SORTS)[number];

/** A list as writers see it: with drafts, and with the number of all posts in it. */
export interface WriterView {
  /** Null: all authors. */
  readonly authorId: number | null;
  /** Default: any. */
  readonly status?: PostStatus | undefined;
  /** Default: newest. */
  readonly sort?: PostSort | undefined;
}

export interface PostList extends PostFilter {
  readonly limit: number;
  /** Starts after this post. Not together with `offset`. */
  readonly after?: Position | undefined;
  readonly offset?: number | undefined;
  /** Default: published posts, newest first. */
  readonly writer?: WriterView | undefined;
  /** The id of `author`, if another process looks up names. Null if no account has the name. */
  readonly authorId?: number | null | undefined;
}

/** The orders of a list. Posts with the same key are sorted by id, in the same direction. */
export interface PostOrder {
  /** An expression over a post `p`. */
  readonly key: string;
  readonly type: 'timestamptz' | 'text';
  readonly direction: 'ASC' | 'DESC';
}

const ORDERS: Readonly<Record<PostSort, PostOrder>> = {
  newest: { key: 'p.created_at', type: 'timestamptz', direction: 'DESC' },
  oldest: { key: 'p.created_at', type: 'timestamptz', direction: 'ASC' },
  updated: { key: 'p.updated_at', type: 'timestamptz', direction: 'DESC' },
  title: { key: 'lower(p.title)', type: 'text', direction: 'ASC' },
};

export const orderOf = ({ writer }: Pick<PostList, 'writer'>): PostOrder => ORDERS[writer?.sort ?? 'newest'];

/** Up to here, skipping rows costs less than reading the page. */
const DEEP_OFFSET = 1_000;

/** Can the caller drive up the cost of this list? */
export const isCostlyList = ({ q, offset = 0 }: Pick<PostList, 'q' | 'offset'>): boolean =>
  q !== undefined || offset > DEEP_OFFSET;
