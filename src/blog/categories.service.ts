import { Injectable } from '@nestjs/common';
import type { Principal } from '../platform/access/principal.js';
import type { Transaction } from '../platform/database/transaction-runner.js';
import { slugify } from '../platform/slugs/slugify.js';
import { CategoriesQueries } from './categories.queries.js';
import { CategoryCreated, CategoryRemoved, type CategoryState } from './categories.events.js';
import { categoryColor } from './category-color.js';
import { GENERAL_ID, GENERAL_NAME } from './category.entity.js';
import { freeSlugs } from './free-slugs.js';
import { CategoryNotFound } from './posts.problems.js';

/** As a request names it; General when it names none. */
export interface CategoryChoice {
  readonly category_id?: number | undefined;
  readonly category_name?: string | undefined;
}

interface AskedCategory extends CategoryState {
  readonly asked: string;
}

/** Holds the rows against deletion until the transaction ends. All lock in the order of ids, so that none waits in a ring. */
const LOCK_BY_NAME = `
  SELECT asked, c.id, c.name, c.slug FROM unnest($1::text[]) AS asked JOIN categories c ON lower(c.name) = lower(asked)
  ORDER BY c.id FOR KEY SHARE OF c`;
/** What has nothing but drafts of others does not exist for anybody but administrators; an id alone must not tell its name. */
const LOCK_BY_ID = `
  SELECT c.id, c.name, c.slug FROM categories c
  WHERE c.id = $1 AND (c.id = ${GENERAL_ID} OR $3
    OR EXISTS (SELECT FROM posts p WHERE p.category_id = c.id AND p.status <> 'draft')
    OR EXISTS (SELECT FROM posts p WHERE p.category_id = c.id AND p.status = 'draft' AND p.author_id = $2))
  FOR KEY SHARE OF c`;
const LOCK_TO_MOVE =
  'SELECT id FROM categories WHERE id = $1 OR id = $2 OR lower(name) = lower($3) ORDER BY id FOR UPDATE';
const INSERT = `
  INSERT INTO categories (name, slug, color) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING id, name, slug`;
const DELETE_EMPTY = `
  DELETE FROM categories WHERE id = $1 AND NOT EXISTS (SELECT FROM posts WHERE category_id = $1)
  RETURNING id, name, slug`;

/** Categories come with their first post and go with their last one, drafts included. General stays. */
@Injectable()
export class CategoriesService {
  constructor(private readonly queries: CategoriesQueries) {}

  /** Those with published posts, and General, by name. `body` is a JSON array of CategorySummary. */
  async list(): Promise<{ body: string; tags: string[]; snapshot: string }> {
    return { ...(await this.queries.list()), tags: ['categories'] };
  }

  /**
   * The category a post is put in, made when it is new, and held until the transaction ends.
   * @throws CategoryNotFound 422 also when it is there, but has only drafts of others
   */
  async choose(tx: Transaction, choice: CategoryChoice, { userId, role }: Principal): Promise<CategoryState> {
    if (choice.category_name !== undefined) {
      const found = await this.ensure(tx, [choice.category_name]);
      return found.get(choice.category_name)!;
    }
    const id = choice.category_id ?? GENERAL_ID;
    const { rows } = await tx.query<CategoryState>(LOCK_BY_ID, [id, userId, role === 'admin']);
    if (rows[0] === undefined) throw new CategoryNotFound(id);
    return rows[0];
  }

  /** As `choose`, for a post that leaves another category: both are locked at once. */
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

  /**
   * @param names in whatever case
   * @param onCreated called for each that was made now
   * @returns by the name as it was asked for
   */
  async ensure(
    tx: Transaction,
    names: Iterable<string>,
    onCreated: (category: CategoryState) => void = (category) => tx.record(CategoryCreated(category)),
  ): Promise<Map<string, CategoryState>> {
    const asked = [...new Set(names)].sort();
    const { rows } = await tx.query<AskedCategory>(LOCK_BY_NAME, [asked]);
    const found = new Map(rows.map(({ asked: name, ...category }) => [name, category]));
    for (const name of asked) if (!found.has(name)) found.set(name, await this.create(tx, name, onCreated));
    return found;
  }

  private async create(
    tx: Transaction,
    name: string,
    onCreated: (category: CategoryState) => void,
  ): Promise<CategoryState> {
    for (;;) {
      const [slug] = await freeSlugs(tx, 'category', slugify(name, 'category'), 1);
      const inserted = await tx.query<CategoryState>(INSERT, [name, slug, categoryColor(name)]);
      if (inserted.rows[0] !== undefined) {
        onCreated(inserted.rows[0]);
        return inserted.rows[0];
      }
      // Somebody else made it just now, unless only its slug was taken, or it has been removed again.
      const { rows } = await tx.query<AskedCategory>(LOCK_BY_NAME, [[name]]);
      if (rows[0] !== undefined) return { id: rows[0].id, name: rows[0].name, slug: rows[0].slug };
    }
  }

  /** After a post left it. */
  async removeIfEmpty(tx: Transaction, id: number): Promise<void> {
    if (id === GENERAL_ID) return;
    // Waits for those who are putting a post in it; only a statement that begins afterwards sees what they did.
    await tx.query('SELECT FROM categories WHERE id = $1 FOR UPDATE', [id]);
    const { rows } = await tx.query<CategoryState>(DELETE_EMPTY, [id]);
    if (rows[0] !== undefined) tx.record(CategoryRemoved(rows[0]));
  }
}

/** The name an import gives to posts without a category. */
export const NO_CATEGORY = GENERAL_NAME;
