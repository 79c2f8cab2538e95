import type { Transaction } from '../platform/outbox/transaction-runner.js';

const MAX_LENGTH = 100;
/** How many numbers to try in turn. There are rarely many things with the same name. */
const REACHES = [20, 1_000, 100_000] as const;

/**
 * Conditions for rows that user $4 must not know of: other authors' drafts that were never published, and categories that
 * contain only such drafts.
 */
const HIDDEN = {
  post: `p.status = 'draft' AND NOT p.was_published AND p.author_id IS DISTINCT FROM $4::integer`,
  category: `c.id <> 1 AND NOT EXISTS (
    SELECT FROM posts p WHERE p.category_id = c.id AND (p.status <> 'draft' OR p.author_id = $4::integer))`,
} as const;

const TAKEN = {
  // A former slug still leads to its post, so a new title must not take it over by chance.
  post: `EXISTS (SELECT FROM posts WHERE slug = candidate) OR EXISTS (SELECT FROM former_slugs WHERE slug = candidate)`,
  category: `EXISTS (SELECT FROM categories WHERE slug = candidate)`,
} as const;

/** The same without what is hidden from user $4. */
const VISIBLY_TAKEN = {
  post: `EXISTS (SELECT FROM posts p WHERE p.slug = candidate AND NOT (${HIDDEN.post}))
    OR EXISTS (SELECT FROM former_slugs WHERE slug = candidate)`,
  category: `EXISTS (SELECT FROM categories c WHERE c.slug = candidate AND NOT (${HIDDEN.category}))`,
} as const;

const freeStatement = (taken: string): string => `
  SELECT candidate FROM (
    SELECT n, CASE n WHEN 1 THEN $1 ELSE rtrim(left($1, ${MAX_LENGTH - 1} - length(n::text)), '-') || '-' || n END AS candidate
    FROM generate_series(1, $2::integer) AS n
  ) AS candidates
  WHERE NOT (${taken}) ORDER BY n LIMIT $3`;

/**
 * Free slugs: `base`, `base-2`, `base-3` … Another transaction may take one at any time, so insert them with ON
 * CONFLICT DO NOTHING, and ask again if nothing was inserted.
 * @param count how many slugs to return
 * @param seenBy the user for whom slugs of hidden drafts and categories count as free; call `makeWay` for the one that
 * is used
 */
export async function freeSlugs(
  tx: Transaction,
  kind: keyof typeof TAKEN,
  base: string,
  count: number,
  seenBy?: number,
): Promise<string[]> {
  for (const reach of REACHES) {
    const parameters = [base, reach + count, count, ...(seenBy === undefined ? [] : [seenBy])];
    const taken = (seenBy === undefined ? TAKEN : VISIBLY_TAKEN)[kind];
    const { rows } = await tx.query<{ candidate: string }>(freeStatement(taken), parameters);
    if (rows.length === count) return rows.map((row) => row.candidate);
  }
  throw new Error(`More than ${REACHES.at(-1)} slugs start with ${base}`);
}

/** @returns those of the slugs that posts have or once had */
export async function takenSlugs(tx: Transaction, slugs: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await tx.query<{ candidate: string }>(
    `SELECT candidate FROM unnest($1::text[]) AS candidate WHERE ${TAKEN.post}`,
    [slugs],
  );
  return new Set(rows.map((row) => row.candidate));
}

/** Does the slug still lead to another author's post, which had it before? */
export async function leadsToAnotherAuthor(
  tx: Transaction,
  slug: string,
  authorId: number | null,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `SELECT FROM former_slugs f JOIN posts p ON p.id = f.post_id
     WHERE f.slug = $1 AND p.author_id IS DISTINCT FROM $2::integer`,
    [slug, authorId],
  );
  return rowCount !== 0;
}
