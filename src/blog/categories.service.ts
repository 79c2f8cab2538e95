import { Injectable } from '@nestjs/common';
import type { Principal } from '../platform/access/principal.js';
import type { Transaction } from '../platform/outbox/transaction-runner.js';
import { RateLimits } from '../platform/rate-limits/rate-limits.js';
import { slugify } from '../platform/slugs/slugify.js';
import { CategoriesQueries } from './categories.queries.js';
import { CategoryCreated, CategoryRemoved, type CategoryState } from './categories.events.js';
import { categoryColor } from './category-color.js';
import { GENERAL_ID, GENERAL_NAME } from './category.entity.js';
import { freeSlugs } from './free-slugs.js';
import { makeWay } from './make-way.js';
import { whoseView } from './whose-view.js';
import { CategoryNotFound } from './categories.problems.js';

/** The category as a request names it. Default: General. */
export interface CategoryChoice {
  readonly category_id?: number | undefined;
  readonly category_name?: string | undefined;
}

/** Awaited within the transaction. */
type OnCreated = (category: CategoryState) => unknown;

interface NamedCategoryRow extends CategoryState {
  readonly asked: string;
}

/**
 * Locks the rows against deletion until the transaction ends. Everyone locks in the order of ids, which rules out
 * deadlocks.
 */
const LOCK_FOR_IMPORT = `
  SELECT asked, c.id, c.name, c.slug FROM unnest($1::text[]) AS asked JOIN categories c ON c.id = coalesce(
    (SELECT named.id FROM categories named WHERE lower(named.name) = lower(asked)),
    CASE asked WHEN '${GENERAL_NAME}' THEN ${GENERAL_ID} END)
  ORDER BY c.id FOR KEY SHARE OF c`;
const LOCK_BY_NAME = `
  SELECT asked, c.id, c.name, c.slug FROM unnest($1::text[]) AS asked JOIN categories c ON lower(c.name) = lower(asked)
  ORDER BY c.id FOR KEY SHARE OF c`;
/**
 * A category that contains only drafts of others is hidden from everyone but administrators. An id must not reveal its
 * name.
 */
const LOCK_BY_ID = `
  SELECT c.id, c.name, c.slug FROM categories c
  WHERE c.id = $1 AND (c.id = ${GENERAL_ID} OR $3
    OR EXISTS (SELECT FROM posts p WHERE p.category_id = c.id AND p.status <> 'draft')
    OR EXISTS (SELECT FROM posts p WHERE p.category_id = c.id AND p.status = 'draft' AND p.author_id = $2))
  FOR KEY SHARE OF c`;
/** $1 is the category, $2 the user. Returns a row if the category contains only drafts of others. */
const IS_HIDDEN = `
  SELECT FROM categories c WHERE c.id = $1 AND c.id <> ${GENERAL_ID} AND NOT EXISTS (
    SELECT FROM posts p WHERE p.category_id = c.id AND (p.status <> 'draft' OR p.author_id = $2))`;
const RENAME = 'UPDATE categories SET name = $2, slug = $3, color = $4 WHERE id = $1';
const LOCK_TO_MOVE =
  'SELECT id FROM categories WHERE id = $1 OR id = $2 OR lower(name) = lower($3) ORDER BY id FOR UPDATE';
const INSERT = `
  INSERT INTO categories (name, slug, color) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING id, name, slug`;
const DELETE_EMPTY = `
  DELETE FROM categories WHERE id = $1 AND NOT EXISTS (SELECT FROM posts WHERE category_id = $1)
  RETURNING id, name, slug`;

/** A category is created with its first post and deleted with its last, drafts included. General always exists. */
@Injectable()
export class CategoriesService {
  constructor(
    private readonly queries: CategoriesQueries,
    private readonly limits: RateLimits,
  ) {}

  /** The categories of an author's posts and drafts, by name. @param authorId null for those of all authors */
  listOfWriter(authorId: number | null): Promise<CategoryState[]> {
    return this.queries.listOfWriter(authorId);
  }

  /** Categories with published posts, and General, by name. `body` is a JSON array of CategorySummary. */
  async list(): Promise<{ body: string; tags: string[]; snapshot: string }> {
    return { ...(await this.queries.list()), tags: ['categories'] };
  }

  /**
   * For a slug without a visible category.
   * @returns the slug of the category that had it before; null if it leads nowhere
   */
  async findFormer(slug: string): Promise<{ slug: string | null; tags: string[]; snapshot: string }> {
    const { slug: current, is_former: isFormer, snapshot } = await this.queries.findFormer(slug);
    // A former slug leads somewhere as soon as its category has a published post.
    return { slug: current, snapshot, tags: isFormer ? [`category-slug:${slug}`, 'categories'] : [] };
  }

  /**
   * The category for a post. It is created if it is new, and locked until the transaction ends.
   * @throws CategoryNotFound 422 also if the category contains only drafts of others; RateLimited 429 if the user has
   * created too many today
   */
  async choose(tx: Transaction, choice: CategoryChoice, principal: Principal): Promise<CategoryState> {
    if (choice.category_name !== undefined) return this.named(tx, choice.category_name, whoseView(principal));
    const { userId, role } = principal;
    const id = choice.category_id ?? GENERAL_ID;
    const { rows } = await tx.query<CategoryState>(LOCK_BY_ID, [id, userId, role === 'admin']);
    if (rows[0] === undefined) throw new CategoryNotFound(id);
    return rows[0];
  }

  private async named(tx: Transaction, name: string, seenBy: number | undefined): Promise<CategoryState> {
    const { rows } = await tx.query<NamedCategoryRow>(LOCK_BY_NAME, [[name]]);
    if (rows[0] === undefined)
      return this.create(tx, name, (made) => this.countNew(tx, made, seenBy), seenBy);
    const { id, name: spelling, slug } = rows[0];
    const isHidden = seenBy !== undefined && (await tx.query(IS_HIDDEN, [id, seenBy])).rowCount === 1;
    return isHidden ? this.revealCategory(tx, id, name, seenBy) : { id, name: spelling, slug };
  }

  /**
   * Turns a category that was hidden from the user into what a new one would be, because its spelling comes from
   * another author's draft.
   */
  private async revealCategory(
    tx: Transaction,
    id: number,
    name: string,
    seenBy: number,
  ): Promise<CategoryState> {
    const [slug = ''] = await freeSlugs(tx, 'category', slugify(name, 'category'), 1, seenBy);
    await makeWay(tx, 'category', slug, seenBy);
    await tx.query(RENAME, [id, name, slug, categoryColor(name)]);
    const category = { id, name, slug };
    await this.countNew(tx, category, seenBy);
    return category;
  }

  /** Administrators see everything and are not limited. @throws RateLimited, and the transaction creates nothing */
  private async countNew(
    tx: Transaction,
    category: CategoryState,
    seenBy: number | undefined,
  ): Promise<void> {
    if (seenBy !== undefined) await this.limits.consumeIn(tx, 'new-category', String(seenBy), seenBy);
    tx.record(CategoryCreated(category));
  }

  /** Like `choose`, for a post that leaves another category. Both are locked at once. */
  async chooseOther(
    tx: Transaction,
    leftId: number,
    choice: CategoryChoice,
    principal: Principal,
  ): Promise<CategoryState> {
    const id = choice.category_name === undefined ? (choice.category_id ?? GENERAL_ID) : null;
    await tx.query(LOCK_TO_MOVE, [leftId, id, choice.category_name ?? null]);
    return this.choose(tx, choice, principal);
  }

  /** General is also found by its first name, because imported posts without a category ask for it. @param names in any case @param onCreated called for each new category @returns categories by the given name */
  async ensure(
    tx: Transaction,
    names: Iterable<string>,
    onCreated: OnCreated = (category) => tx.record(CategoryCreated(category)),
  ): Promise<Map<string, CategoryState>> {
    const distinctNames = [...new Set(names)].sort();
    const { rows } = await tx.query<NamedCategoryRow>(LOCK_FOR_IMPORT, [distinctNames]);
    const found = new Map(rows.map(({ asked: name, ...category }) => [name, category]));
    for (const name of distinctNames)
      if (!found.has(name)) found.set(name, await this.create(tx, name, onCreated));
    return found;
  }

  private async create(
    tx: Transaction,
    name: string,
    onCreated: OnCreated,
    seenBy?: number,
  ): Promise<CategoryState> {
    for (;;) {
      const [slug = ''] = await freeSlugs(tx, 'category', slugify(name, 'category'), 1, seenBy);
      if (seenBy !== undefined) await makeWay(tx, 'category', slug, seenBy);
      const inserted = await tx.query<CategoryState>(INSERT, [name, slug, categoryColor(name)]);
      if (inserted.rows[0] !== undefined) {
        await onCreated(inserted.rows[0]);
        return inserted.rows[0];
      }
      // Another transaction has just created it, unless only its slug was taken, or it has been deleted again.
      const { rows } = await tx.query<NamedCategoryRow>(LOCK_BY_NAME, [[name]]);
      if (rows[0] !== undefined) return { id: rows[0].id, name: rows[0].name, slug: rows[0].slug };
    }
  }

  /** Call this after a post has left the category. */
  async removeIfEmpty(tx: Transaction, id: number): Promise<void> {
    if (id === GENERAL_ID) return;
    // Waits for transactions that put a post in the category. Only a later statement sees what they did.
    await tx.query('SELECT FROM categories WHERE id = $1 FOR UPDATE', [id]);
    const { rows } = await tx.query<CategoryState>(DELETE_EMPTY, [id]);
    if (rows[0] !== undefined) tx.record(CategoryRemoved(rows[0]));
  }
}

/** The category of imported posts that have none. */
export const NO_CATEGORY = GENERAL_NAME;
