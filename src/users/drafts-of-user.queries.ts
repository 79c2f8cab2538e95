import type { Transaction } from '../platform/outbox/transaction-runner.js';

const GENERAL_ID = 1;
const DELETE_DRAFTS = `DELETE FROM posts WHERE author_id = $1 AND status = 'draft' RETURNING category_id`;
/** Waits for transactions that put a post in one of the categories. Only a later statement sees what they did. */
const LOCK_CATEGORIES = 'SELECT FROM categories WHERE id = ANY($1) ORDER BY id FOR UPDATE';
const DELETE_EMPTY = `
  DELETE FROM categories c WHERE c.id = ANY($1) AND NOT EXISTS (SELECT FROM posts p WHERE p.category_id = c.id)`;

/**
 * Deletes the drafts of a user, and categories that contained nothing else. Nobody else could see them, so there is no
 * event. It uses SQL, because the users side has no blog module but shares the database.
 */
export async function deleteDraftsOf(tx: Transaction, userId: number): Promise<void> {
  const { rows } = await tx.query<{ category_id: number }>(DELETE_DRAFTS, [userId]);
  const left = [...new Set(rows.map((row) => row.category_id))].filter((id) => id !== GENERAL_ID);
  if (left.length === 0) return;
  await tx.query(LOCK_CATEGORIES, [left]);
  await tx.query(DELETE_EMPTY, [left]);
}
