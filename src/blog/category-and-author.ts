import type { Transaction } from '../platform/outbox/transaction-runner.js';
import type { CategoryState } from './categories.events.js';
import type { Post } from './post.entity.js';

/** The ids of a post's category and author. */
export type Placed = Pick<Post, 'categoryId' | 'authorId'>;

export interface CategoryAndAuthor {
  readonly category: CategoryState;
  /** User name; null when the account was deleted. */
  readonly author: string | null;
}

const CATEGORY = 'SELECT id, name, slug FROM categories WHERE id = $1';

const CATEGORY_AND_AUTHOR = {
  name: 'category and author',
  text: `
    SELECT c.id, c.name, c.slug, (SELECT u.username FROM users u WHERE u.id = $2) AS author
    FROM categories c WHERE c.id = $1`,
};

export async function readCategoryAndAuthor(
  tx: Transaction,
  { categoryId, authorId }: Placed,
): Promise<CategoryAndAuthor> {
  const { rows } = await tx.queryPrepared<CategoryState & { author: string | null }>({
    ...CATEGORY_AND_AUTHOR,
    values: [categoryId, authorId],
  });
  // The row exists, because the post refers to its category.
  const { author, ...category } = rows[0]!;
  return { category, author };
}

export async function readCategory(tx: Transaction, id: number): Promise<CategoryState> {
  return (await tx.query<CategoryState>(CATEGORY, [id])).rows[0]!;
}
