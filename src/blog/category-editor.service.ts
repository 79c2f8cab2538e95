import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { isUniqueViolation } from '../platform/database/unique-violation.js';
import { IdempotentRequests, keyed } from '../platform/idempotency/idempotent-requests.js';
import { changeRepeated, type DomainEvent } from '../platform/outbox/define-event.js';
import type { Transaction } from '../platform/outbox/transaction-runner.js';
import type { Outcome } from '../platform/responses/answer.js';
import { slugify } from '../platform/slugs/slugify.js';
import type { CategorySummary } from './answers.schemas.js';
import { CategoryMerged, CategoryRevised, type CategoryState } from './categories.events.js';
import { CategoryNameTaken, CategoryNotFound, CategoryUnknown, GeneralStays } from './categories.problems.js';
import type { CategoryChanges } from './categories.schemas.js';
import { GENERAL_ID } from './category.entity.js';
import { freeSlugs } from './free-slugs.js';

export {
  categoryChangesSchema,
  type CategoryReference,
  categoryReferenceSchema,
} from './categories.schemas.js';

/** A category as administrators see it. */
export interface ManagedCategory extends CategorySummary {
  readonly draft_count: number;
}

interface CategoryRow extends CategoryState {
  readonly color: string;
}

/** Locks everything whose events name the category's slug: edits of its posts read it after they have locked the post. */
const LOCK_POSTS = 'SELECT FROM posts WHERE category_id = $1 ORDER BY id FOR UPDATE';
/** No post can enter a category that is locked like this. Ordered by id, as everywhere. */
const LOCK =
  'SELECT id, name, slug, color FROM categories WHERE id = ANY ($1::integer[]) ORDER BY id FOR UPDATE';
const UPDATE = 'UPDATE categories SET name = $2, slug = $3, color = $4 WHERE id = $1';
const SUMMARY = `
  SELECT c.id, c.name, c.slug, c.color, (
    SELECT count(*)::integer FROM posts p WHERE p.category_id = c.id AND p.status = 'published') AS post_count
  FROM categories c WHERE c.id = $1`;
const PAGE = 100;
/** The choices that a form offers. */
const MAX_CHOICES = 1_000;

const MANAGED = `
  SELECT c.id, c.name, c.slug, c.color, coalesce(counts.published, 0) AS post_count, coalesce(counts.drafts, 0) AS draft_count
  FROM categories c LEFT JOIN (
    SELECT category_id, (count(*) FILTER (WHERE status = 'published'))::integer AS published,
      (count(*) FILTER (WHERE status <> 'published'))::integer AS drafts
    FROM posts GROUP BY category_id
  ) AS counts ON counts.category_id = c.id`;
const GET = `${MANAGED} WHERE c.id = $1`;
const LIST_ALL = `${MANAGED}
  WHERE strpos(lower(c.name), lower($1)) > 0
  ORDER BY lower(c.name), c.id LIMIT $2 OFFSET $3`;
const FORMER_SLUGS = 'SELECT slug FROM former_category_slugs WHERE category_id = $1';
const REMEMBER_SLUG = `
  INSERT INTO former_category_slugs (slug, category_id) VALUES ($1, $2)
  ON CONFLICT (slug) DO UPDATE SET category_id = excluded.category_id`;
const MOVE_FORMER_SLUGS = 'UPDATE former_category_slugs SET category_id = $2 WHERE category_id = $1';
const MOVE_POSTS = 'UPDATE posts SET category_id = $2 WHERE category_id = $1';

/** Texts that will be in the category when they are restored or published. They name it, as authors do. */
const RENAME_ELSEWHERE = [
  `UPDATE working_copies SET text = jsonb_set(text, '{category_name}', to_jsonb($2::text)), version = version + 1
   WHERE lower(text->>'category_name') = lower($1)`,
  'UPDATE trashed_posts SET category_name = $2 WHERE lower(category_name) = lower($1)',
];

const NAME_INDEX = 'idx_categories_name';
/** Somebody else may take a slug between its choice and the update. */
const ATTEMPTS = 5;

/** The user and the Idempotency-Key of a request. */
export interface CategoryRequest {
  readonly by: { readonly userId: number };
  readonly idempotencyKey?: string | undefined;
}

/** Renames, recolours and merges categories, for administrators. */
@Injectable()
export class CategoryEditor {
  constructor(
    private readonly requests: IdempotentRequests,
    private readonly pool: Pool,
  ) {}

  /**
   * By name, also those that contain only drafts.
   * @param q part of a name, in any case @param page from 1
   */
  async listAll(q: string, page: number): Promise<{ categories: ManagedCategory[]; hasMore: boolean }> {
    const parameters = [q, PAGE + 1, (page - 1) * PAGE];
    const { rows } = await this.pool.query<ManagedCategory>(LIST_ALL, parameters);
    return { categories: rows.slice(0, PAGE), hasMore: rows.length > PAGE };
  }

  /** @returns the category, and the first thousand that it can be merged into @throws CategoryUnknown */
  async read(id: number): Promise<{ category: ManagedCategory; others: ManagedCategory[] }> {
    const { rows } = await this.pool.query<ManagedCategory>(LIST_ALL, ['', MAX_CHOICES, 0]);
    const category =
      rows.find((each) => each.id === id) ?? (await this.pool.query<ManagedCategory>(GET, [id])).rows[0];
    if (category === undefined) throw new CategoryUnknown(id);
    return { category, others: rows.filter((each) => each.id !== id) };
  }

  /**
   * A new name brings a new slug, unless it would be made the same. The former slug redirects.
   * @throws CategoryUnknown 404, CategoryNameTaken 409
   */
  async revise(
    id: number,
    changes: CategoryChanges,
    { by, idempotencyKey }: CategoryRequest,
  ): Promise<Outcome<CategorySummary>> {
    const content = ['PATCH categories', id, changes];
    const request = keyed<CategorySummary>(idempotencyKey, { holder: by, content });
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.requests.once(request, (tx) => reviseIn(tx, id, changes));
      } catch (error) {
        if (!isUniqueViolation(error)) throw error;
        if ((error as { constraint?: unknown }).constraint === NAME_INDEX)
          throw new CategoryNameTaken(changes.name ?? '');
        if (attempt === ATTEMPTS) throw error;
      }
    }
  }

  /**
   * Moves all posts, drafts included, and deletes the category. Its addresses lead to the other one.
   * @param id of the category that goes
   * @param into id of the category that gets its posts
   * @returns the category with the posts
   * @throws CategoryUnknown 404, GeneralStays 409, CategoryNotFound 422 for `into`
   */
  async merge(
    id: number,
    into: number,
    { by, idempotencyKey }: CategoryRequest,
  ): Promise<Outcome<CategorySummary>> {
    if (id === GENERAL_ID) throw new GeneralStays();
    if (id === into) throw new CategoryNotFound(into, '/into');
    const content = ['POST categories merge', id, into];
    const request = keyed<CategorySummary>(idempotencyKey, { holder: by, content });
    return this.requests.once(request, (tx) => mergeIn(tx, id, into));
  }
}

async function reviseIn(tx: Transaction, id: number, changes: CategoryChanges): Promise<CategorySummary> {
  const [before] = await lock(tx, id, { as: changes.name, others: [] });
  if (before === undefined) throw new CategoryUnknown(id);
  const { name = before.name, color = before.color } = changes;
  const after = { id, name, color, slug: await slugFor(tx, before, name) };
  const formerSlugs = await formerSlugsOf(tx, id);
  const event = CategoryRevised({ before: stateOf(before), after: stateOf(after), formerSlugs });
  const isSame = before.name === name && before.color === color && before.slug === after.slug;
  // The request that made the change may still be waiting for other processes.
  tx.record(isSame ? repeated(after, formerSlugs) : event);
  if (!isSame) await tx.query(UPDATE, [id, name, after.slug, color]);
  if (before.slug !== after.slug) await tx.query(REMEMBER_SLUG, [before.slug, id]);
  return summaryOf(tx, id);
}

/** Announces whatever an earlier rename can have touched. */
function repeated(after: CategoryState, formerSlugs: readonly string[]): DomainEvent {
  const [slug = after.slug] = formerSlugs;
  const before = { id: after.id, name: '', slug };
  return changeRepeated(CategoryRevised({ before, after: stateOf(after), formerSlugs }).tags);
}

async function mergeIn(tx: Transaction, id: number, into: number): Promise<CategorySummary> {
  const as = (await read(tx, into))?.name;
  const locked = await lock(tx, id, { as, others: [into] });
  const [from, target] = [id, into].map((each) => locked.find((row) => row.id === each));
  if (from === undefined) throw new CategoryUnknown(id);
  if (target === undefined) throw new CategoryNotFound(into, '/into');
  const formerSlugs = await formerSlugsOf(tx, id);
  await tx.query(MOVE_POSTS, [id, into]);
  await tx.query(MOVE_FORMER_SLUGS, [id, into]);
  await tx.query('DELETE FROM categories WHERE id = $1', [id]);
  await tx.query(REMEMBER_SLUG, [from.slug, into]);
  tx.record(CategoryMerged({ from: stateOf(from), into: stateOf(target), formerSlugs }));
  return summaryOf(tx, into);
}

/**
 * Locks posts before categories, as edits of posts do. Posts that came between the two are locked by the last statement;
 * none can come after the category is locked.
 * @param as the name that its posts will have from now on
 */
async function lock(
  tx: Transaction,
  id: number,
  { as, others }: { readonly as: string | undefined; readonly others: readonly number[] },
): Promise<CategoryRow[]> {
  await tx.query(LOCK_POSTS, [id]);
  const before = (await read(tx, id))?.name;
  if (as !== undefined && before !== undefined && as !== before)
    for (const statement of RENAME_ELSEWHERE) await tx.query(statement, [before, as]);
  const { rows } = await tx.query<CategoryRow>(LOCK, [[id, ...others]]);
  await tx.query(LOCK_POSTS, [id]);
  return rows;
}

const read = async (tx: Transaction, id: number): Promise<CategoryState | undefined> =>
  (await tx.query<CategoryState>('SELECT id, name, slug FROM categories WHERE id = $1', [id])).rows[0];

/** A slug with a number stays if only the spelling of the name changes. */
async function slugFor(
  tx: Transaction,
  { name: before, slug }: CategoryState,
  name: string,
): Promise<string> {
  const base = slugify(name, 'category');
  if (name === before || base === slugify(before, 'category')) return slug;
  const [free = ''] = await freeSlugs(tx, 'category', base, 1);
  return free;
}

async function formerSlugsOf(tx: Transaction, id: number): Promise<string[]> {
  return (await tx.query<{ slug: string }>(FORMER_SLUGS, [id])).rows.map(({ slug }) => slug);
}

const stateOf = ({ id, name, slug }: CategoryState): CategoryState => ({ id, name, slug });

/** The row exists, because the transaction has locked it. */
const summaryOf = async (tx: Transaction, id: number): Promise<CategorySummary> =>
  (await tx.query<CategorySummary>(SUMMARY, [id])).rows[0]!;
