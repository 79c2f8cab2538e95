import { Injectable } from '@nestjs/common';
import { isDeepStrictEqual } from 'node:util';
import type { Principal } from '../platform/access/principal.js';
import { changeRepeated } from '../platform/outbox/define-event.js';
import type { Transaction } from '../platform/outbox/transaction-runner.js';
import type { CategoryState } from './categories.events.js';
import { CategoriesService, type CategoryChoice } from './categories.service.js';
import { type EditablePost, stateOf } from './editable-post.js';
import { assertPublishable } from './editable-text.js';
import { insertWithSlug, newRow } from './insert-posts.js';
import type { Post } from './post.entity.js';
import { PostRenderer } from './post-renderer.service.js';
import { postTokens, type RenderedContent } from './post-text.js';
import { PostPublished, PostRevised } from './posts.events.js';
import { AuthorGone } from './posts.problems.js';
import type { NewPost, RevisedPost } from './posts.schemas.js';
import { changed, eventsOf, formerSlugsOf, isSame, updatePost } from './update-post.js';
import { whoseView } from './whose-view.js';

const FOREIGN_KEY_VIOLATION = '23503';
const AUTHOR_KEY = 'posts_author_id_fkey';

/** Search tokens by the HTML of a text. */
type KnownTokens = ReadonlyMap<string, string>;

/** The parts of a change that take too long to prepare under a lock. */
export interface PreparedText {
  /** Undefined if the content does not change. */
  readonly rendered: RenderedContent | undefined;
  readonly known: KnownTokens;
}

export interface Made {
  readonly text: PreparedText;
  readonly principal: Principal;
}

/** The text of a locked post is too long to be indexed at once. */
class TextNotIndexed extends Error {
  constructor(readonly contentHtml: string) {
    super('The text is not indexed');
  }
}

/** Authors take turns at the renderer. */
const ownerOf = ({ userId }: Principal): string => String(userId);

/** Changes a post in a transaction: its row, its former slugs, its category and its search tokens, with the events. */
@Injectable()
export class PostChanges {
  constructor(
    private readonly categories: CategoriesService,
    private readonly renderer: PostRenderer,
  ) {}

  /**
   * Renders the new content, and runs `work` with it. If a text must be indexed first, indexes it without a lock and runs
   * `work` again.
   * @param content undefined if it does not change
   * @throws PostTooComplex 422, ServiceUnavailable 503, and what `work` throws
   */
  async prepare<T>(
    content: string | undefined,
    principal: Principal,
    work: (text: PreparedText) => Promise<T>,
  ): Promise<T> {
    const rendered =
      content === undefined ? undefined : await this.renderer.render(content, 'markdown', ownerOf(principal));
    const known = new Map(rendered === undefined ? [] : [[rendered.contentHtml, rendered.textTokens]]);
    for (;;) {
      try {
        return await work({ rendered, known });
      } catch (error) {
        if (!(error instanceof TextNotIndexed)) throw error;
        known.set(error.contentHtml, await this.renderer.textTokens(error.contentHtml, ownerOf(principal)));
      }
    }
  }

  /**
   * @param made.text from `prepare`, which must have started this transaction
   * @returns the id of the new post
   * @throws SlugTaken 409, CategoryNotFound 422, RateLimited 429, AuthorGone 401
   */
  async create(tx: Transaction, body: NewPost, { text, principal }: Made): Promise<number> {
    const category = await this.categories.choose(tx, body, principal);
    const row = newRow(body, text.rendered!, principal.userId, category.id);
    const { id, slug } = await insertWithSlug(tx, row, body.slug, whoseView(principal)).catch(orAuthorGone);
    if (row.status === 'published') {
      const { title, tag_slugs: tags } = row;
      const post = { id, slug, title, author: principal.username, category: category.slug, tags, version: 1 };
      tx.record(PostPublished({ post, formerSlugs: [] }));
    }
    return id;
  }

  /**
   * Changes the given members of a locked post. If nothing differs, there is no new version and no event but
   * `change.repeated`.
   * @param made.text from `prepare`, which must have started this transaction
   * @throws SlugTaken 409, CategoryNotFound 422
   */
  async apply(
    tx: Transaction,
    before: EditablePost,
    change: RevisedPost,
    { text: { rendered, known }, principal }: Made,
  ): Promise<void> {
    const category = await this.newCategory(tx, before, change, principal);
    const post = changed(before.post, change, rendered, category);
    if (isSame(before.post, post)) return repeat(tx, before);
    const wasShown = before.post.status === 'published' && before.post.content === post.content;
    if (post.status === 'published' && !wasShown) assertPublishable(post);
    await updatePost(tx, before.post, post, {
      tokens: this.newTokens(before.post, post, known),
      seenBy: whoseView(principal),
    });
    if (category.id !== before.category.id) await this.categories.removeIfEmpty(tx, before.category.id);
    const after = stateOf({ ...post, version: post.version + 1 }, category, before.author);
    for (const event of await eventsOf(tx, before, post, after)) tx.record(event);
  }

  /** Records that a locked post has come back, as it is, or that it already had. */
  async announce(tx: Transaction, found: EditablePost, isBack: boolean): Promise<void> {
    const { post, category, author } = found;
    if (!isBack) return repeat(tx, found);
    if (post.status !== 'published') return;
    const formerSlugs = await formerSlugsOf(tx, post.id);
    tx.record(PostPublished({ post: stateOf(post, category, author), formerSlugs }));
  }

  /** The new search tokens of a post; null if they stay the same. @throws TextNotIndexed */
  private newTokens(before: Post, post: Post, known: KnownTokens): string | null {
    const parts = ({ title, tags, contentHtml }: Post) => [title, tags, contentHtml];
    if (isDeepStrictEqual(parts(before), parts(post))) return null;
    const tokens = known.get(post.contentHtml) ?? this.renderer.textTokensAtOnce(post.contentHtml);
    if (tokens === undefined) throw new TextNotIndexed(post.contentHtml);
    return postTokens(post.title, post.tags, tokens);
  }

  private async newCategory(
    tx: Transaction,
    { category }: EditablePost,
    choice: CategoryChoice,
    principal: Principal,
  ): Promise<CategoryState> {
    const { category_id: id, category_name: name } = choice;
    const stays = name === undefined ? (id ?? category.id) === category.id : name === category.name;
    return stays ? category : this.categories.chooseOther(tx, category.id, choice, principal);
  }
}

/** The request that made the post what it is may still be waiting for other processes. */
function repeat(tx: Transaction, { post, category, author }: EditablePost): void {
  const state = stateOf(post, category, author);
  if (post.status === 'published')
    tx.record(changeRepeated(PostRevised({ before: state, after: state }).tags));
}

/**
 * The foreign key locks the account until the post is stored, so that a deletion of the account finds the post. If the
 * account is already gone, the insert fails.
 */
function orAuthorGone(error: unknown): never {
  const { code, constraint } = error as { code?: unknown; constraint?: unknown };
  throw code === FOREIGN_KEY_VIOLATION && constraint === AUTHOR_KEY ? new AuthorGone() : error;
}
