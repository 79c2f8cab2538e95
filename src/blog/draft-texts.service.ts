import { Injectable } from '@nestjs/common';
import type { Transaction } from '../platform/outbox/transaction-runner.js';
import { slugify } from '../platform/slugs/slugify.js';
import { type EditableText, isSameText, tagOfPost, textOf, type ValidText } from './editable-text.js';
import { lockForEdit } from './editable-post.js';
import { freeSlugs } from './free-slugs.js';
import { type Made, PostChanges, type PreparedText } from './post-changes.service.js';
import type { PostStatus } from './post.entity.js';
import { tagsOf } from './post-text.js';
import { PostsQueries } from './posts.queries.js';
import { whoseView } from './whose-view.js';
import { editedText, type EditedPost, removeCopy, writeCopy } from './working-copy.js';
import type { Principal } from '../platform/access/principal.js';

const UNTITLED = 'Untitled';
const HAS_CATEGORY = 'SELECT FROM categories WHERE lower(name) = lower($1)';

interface Saved extends Made {
  readonly base: string | undefined;
}

/** Writes texts that are not public yet. */
@Injectable()
export class DraftTexts {
  constructor(
    private readonly changes: PostChanges,
    private readonly queries: PostsQueries,
  ) {}

  prepare<T>(
    content: string | undefined,
    principal: Principal,
    work: (text: PreparedText) => Promise<T>,
  ): Promise<T> {
    return this.changes.prepare(content, principal, work);
  }

  /** @returns the id of the new draft */
  async create(tx: Transaction, typed: ValidText, made: Made): Promise<number> {
    const { title = UNTITLED, content = '', tags = [], category_name: category, ...rest } = typed;
    const isKnown = category !== undefined && (await hasCategory(tx, category));
    const id = await this.changes.create(
      tx,
      {
        ...{ title, content, tags: [...tags], status: 'draft', ...rest },
        ...(isKnown ? { category_name: category } : {}),
      },
      made,
    );
    if (category !== undefined && !isKnown) {
      const { principal } = made;
      const post = await lockForEdit(tx, this.queries, { reference: String(id), principal });
      const text = { ...textOf(post), category_name: category };
      await writeCopy(tx, post, text, { base: tagOfPost(post), userId: principal.userId });
    }
    return id;
  }

  /**
   * Saves a text in a draft itself, or in the working copy of a published post.
   * @param saved.base the tag of the post that the text is based on; default: as before
   * @returns false if the post under the text is another one
   */
  async save(tx: Transaction, edited: EditedPost, typed: ValidText, saved: Saved): Promise<boolean> {
    const postTag = tagOfPost(edited);
    const given = saved.base ?? edited.copy?.baseTag ?? postTag;
    if (saved.base !== undefined && !isSameText(saved.base, postTag) && saved.base !== edited.copy?.baseTag)
      return false;
    const base = isSameText(given, postTag) ? postTag : given;
    const text = await this.completed(tx, edited, typed, saved.principal);
    if (edited.post.status === 'draft') return base === postTag && this.saveDraft(tx, edited, text, saved);
    if (base === postTag && JSON.stringify(text) === JSON.stringify(textOf(edited)))
      await removeCopy(tx, edited);
    else await writeCopy(tx, edited, text, { base, userId: saved.principal.userId });
    return true;
  }

  /**
   * A category that does not exist yet is kept in a working copy until the post is published, or each of its letters would
   * make one.
   */
  private async saveDraft(
    tx: Transaction,
    edited: EditedPost,
    text: EditableText,
    { text: prepared, principal }: Saved,
  ): Promise<boolean> {
    const isKnown = await hasCategory(tx, text.category_name);
    const { category_name: category, tags, ...rest } = text;
    const change = { ...rest, tags: [...tags], ...(isKnown ? { category_name: category } : {}) };
    await this.changes.apply(tx, edited, change, { text: prepared, principal });
    if (isKnown) {
      await removeCopy(tx, edited);
      return true;
    }
    const post = await lockForEdit(tx, this.queries, { reference: String(edited.post.id), principal });
    await writeCopy(tx, post, text, { base: tagOfPost(post), userId: principal.userId });
    return true;
  }

  /** Gives a post the text of its working copy, if there is one, and a status. */
  async settle(tx: Transaction, edited: EditedPost, status: PostStatus, made: Made): Promise<void> {
    const { tags, ...text } = editedText(edited);
    const change = edited.copy === null ? { status } : { ...text, tags: [...tags], status };
    await this.changes.apply(tx, edited, change, made);
    await removeCopy(tx, edited);
  }

  /** The whole text. The slug of a post that was never public follows its title until its author chooses one. */
  private async completed(
    tx: Transaction,
    edited: EditedPost,
    typed: ValidText,
    principal: Principal,
  ): Promise<EditableText> {
    const now = editedText(edited);
    const text = { ...now, ...typed };
    const tags = tagsOf(text.tags).tags;
    const isChosen = typed.slug !== undefined && typed.slug !== now.slug;
    const wanted = slugify(text.title);
    const isMadeOf = (title: string): boolean => new RegExp(`^${slugify(title)}(?:-\\d+)?$`).test(now.slug);
    if (edited.post.wasPublished || isChosen || !isMadeOf(now.title) || isMadeOf(text.title))
      return { ...text, tags };
    const [slug = now.slug] = await freeSlugs(tx, 'post', wanted, 1, whoseView(principal));
    return { ...text, tags, slug };
  }
}

const hasCategory = async (tx: Transaction, name: string): Promise<boolean> =>
  (await tx.query(HAS_CATEGORY, [name])).rowCount !== 0;
