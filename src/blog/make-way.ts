import { randomBytes } from 'node:crypto';
import type { Transaction } from '../platform/outbox/transaction-runner.js';

const MAX_LENGTH = 100;
const SUFFIX_BYTES = 4;

/** $1 is the slug, $2 its replacement, $3 the user who takes the slug. */
const MOVE = {
  post: `
    UPDATE posts p SET slug = $2
    WHERE p.slug = $1 AND p.status = 'draft' AND NOT p.was_published AND p.author_id IS DISTINCT FROM $3::integer`,
  category: `
    UPDATE categories c SET slug = $2 WHERE c.slug = $1 AND c.id <> 1 AND NOT EXISTS (
      SELECT FROM posts p WHERE p.category_id = c.id AND (p.status <> 'draft' OR p.author_id = $3::integer))`,
} as const;

/**
 * Frees a slug that only a hidden draft or category holds, because a refusal would reveal it. The hidden one gets a
 * random slug, so that two replaced at the same time do not collide. Only its author and administrators can have seen
 * the old slug.
 */
export async function makeWay(
  tx: Transaction,
  kind: keyof typeof MOVE,
  slug: string,
  userId: number,
): Promise<void> {
  const suffix = `-${randomBytes(SUFFIX_BYTES).toString('hex')}`;
  await tx.query(MOVE[kind], [slug, slug.slice(0, MAX_LENGTH - suffix.length) + suffix, userId]);
}
