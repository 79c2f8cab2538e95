import { Injectable } from '@nestjs/common';
import type { Provenance } from '../platform/coherence/coherence.js';
import type { Transaction } from '../platform/outbox/transaction-runner.js';
import type { PostDetail, PostSummary } from './answers.schemas.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import { authorsOf, categoriesOf } from './page-statement.js';
import { orderOf, type PostFilter, type WriterView } from './post-list.js';
import { type ExportedPost, PostExporter } from './post-exporter.service.js';
import { type ImportedPost, type InsertedPost, PostImporter } from './post-importer.service.js';
import { postReference } from './post-reference.js';
import { CursorOfAnotherList } from './posts.problems.js';
import { ANYBODY, PostsQueries, type Viewer } from './posts.queries.js';

export type { CategorySummary, PostDetail, PostSummary } from './answers.schemas.js';
export { isCostlyList, POST_SORTS, type PostSort, type WriterView } from './post-list.js';
export { POST_STATUSES } from './post.entity.js';
export type { ExportedPost } from './post-exporter.service.js';
export type { ImportedPost, InsertedPost } from './post-importer.service.js';

export interface PageRequest extends PostFilter {
  /** 1–100. */
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly offset?: number | undefined;
  /** Default: published posts, newest first. */
  readonly writer?: WriterView | undefined;
}

/** The parts that an Answer made from this needs: see platform/responses/answer.ts. */
interface AnswerSource {
  readonly tags: readonly string[];
  readonly snapshot: string;
  readonly inputs?: readonly Provenance[];
}

export interface Page extends AnswerSource {
  /** A JSON array of PostSummary. */
  readonly body: string;
  /** Cursor of the next page, if there is one. */
  readonly next: string | null;
  /** The number of posts on all pages; null unless it is a list of a writer. */
  readonly total: number | null;
}

export interface FoundPost extends AnswerSource {
  readonly id: number;
  /** Differs from the requested slug if that is a former one: the post has moved. */
  readonly slug: string;
  readonly version: number;
  readonly isPublic: boolean;
  /** A JSON object, PostDetail. */
  readonly body: string;
}

export interface NoPost extends AnswerSource {
  readonly id: null;
}

/** Reads posts for the API and for other features, and imports and exports them in bulk. */
@Injectable()
export class PostsService {
  constructor(
    private readonly queries: PostsQueries,
    private readonly importer: PostImporter,
    private readonly exporter: PostExporter,
  ) {}

  /** @throws ValidationFailed 400 if the cursor does not belong to this list */
  async page(request: PageRequest): Promise<Page> {
    const { cursor, ...list } = request;
    const name = listName(request);
    const after = cursor === undefined ? undefined : decodeCursor(cursor, name, orderOf(list).type);
    if (after === null) throw new CursorOfAnotherList();
    const page = await this.queries.page({ ...list, after });
    const { body, last_key, last_id, total, snapshot, inputs = [] } = page;
    const hasMore = last_key !== null && last_id !== null;
    const key = orderOf(list).type === 'text' ? last_key! : Number(last_key);
    const next = hasMore ? encodeCursor({ key, id: last_id }, name) : null;
    const tags = [
      ...listTags(request),
      ...authorsOf(page).map((id) => `author:${id}`),
      ...categoriesOf(page).map((id) => `category:${id}`),
    ];
    return { body, next, total, snapshot, tags, inputs };
  }

  /** @param reference an id, or a current or former slug */
  async find(reference: string, viewer: Viewer = ANYBODY): Promise<FoundPost | NoPost> {
    const parsed = postReference(reference);
    // Id 0 never exists, so it stands for an address that no post can have.
    const row = await this.queries.find(parsed ?? 0, viewer);
    const absent = typeof parsed === 'number' ? `post:${parsed}` : `post-slug:${reference}`;
    if (row.id === null) return { id: null, snapshot: row.snapshot, tags: parsed === null ? [] : [absent] };
    const { id, slug, version, body, snapshot, inputs = [] } = row;
    const author = row.author_id === null ? [] : [`author:${row.author_id}`];
    const isMoved = typeof parsed === 'string' && parsed !== slug;
    const tags = [`post:${id}`, ...author, `category:${row.category_id}`, ...(isMoved ? [absent] : [])];
    return { id, slug, version, isPublic: row.is_public, body, snapshot, tags, inputs };
  }

  /** The same page as objects, published posts only. */
  async findPublishedPage(
    request: Omit<PageRequest, 'writer'>,
  ): Promise<AnswerSource & { readonly items: PostSummary[]; readonly next: string | null }> {
    const { body, ...page } = await this.page({ ...request, writer: undefined });
    return { ...page, items: JSON.parse(body) as PostSummary[] };
  }

  /** @returns the post, or the slug it moved to, or neither */
  async findPublishedBySlug(
    slug: string,
  ): Promise<AnswerSource & { readonly post: PostDetail | null; readonly movedTo: string | null }> {
    const found = await this.find(slug);
    const { tags, snapshot, inputs = [] } = found;
    const read = { tags, snapshot, inputs };
    if (found.id === null) return { post: null, movedTo: null, ...read };
    if (found.slug !== slug) return { post: null, movedTo: found.slug, ...read };
    return { post: JSON.parse(found.body) as PostDetail, movedTo: null, ...read };
  }

  /**
   * @param path of a post in the system it was imported from, starting with `/`
   * @returns the slug of the published post
   */
  async findFormerAddress(path: string): Promise<AnswerSource & { readonly slug: string | null }> {
    const { post_id, slug, snapshot } = await this.queries.findFormerAddress(path);
    // An import that adds the address publishes posts.
    return { slug, snapshot, tags: [post_id === null ? 'posts' : `post:${post_id}`] };
  }

  /** See PostImporter. */
  importBatch(
    tx: Transaction,
    posts: readonly ImportedPost[],
    options: { quiet: boolean } = { quiet: true },
  ): Promise<InsertedPost[]> {
    return this.importer.importBatch(tx, posts, options);
  }

  /** See PostExporter. */
  exportAll(): AsyncGenerator<ExportedPost, void, undefined> {
    return this.exporter.exportAll();
  }
}

/** Identifies the list that a cursor belongs to. */
function listName({ writer, category, tag, author, q }: PageRequest): string {
  const kind = writer === undefined ? 'published' : [writer.authorId, writer.status, writer.sort ?? 'newest'];
  return JSON.stringify([kind, category, tag, author, q]);
}

/** A value of another form cannot name a list, so no event will ever touch it. */
const isName = (value: string): boolean => /^[a-z0-9_-]+$/.test(value);

/**
 * Tags of the narrowest list that contains this one. A change of any of its posts touches that list. Another category may
 * get the slug.
 */
function listTags(list: PageRequest): string[] {
  const { writer, category, q } = list;
  if (writer !== undefined) return [];
  const ofSlug = category === undefined || !isName(category) ? [] : [`category-slug:${category}`];
  return [...(q === undefined ? narrowestList(list) : ['posts']), ...ofSlug];
}

function narrowestList({ category, tag, author }: PageRequest): string[] {
  const [kind, value] =
    tag !== undefined ? ['tag', tag] : author !== undefined ? ['author', author] : ['category', category];
  if (value === undefined) return ['posts'];
  return isName(value) ? [`posts:${kind}:${value}`] : [];
}
