import type { Transaction } from '../platform/database/transaction-runner.js';

const MAX_LENGTH = 100;
/** How far to look for free numbers, near first: there are rarely many things of one name. */
const REACHES = [20, 1_000, 100_000] as const;

const TAKEN = {
  // A former slug leads somewhere: no title takes it over by chance.
  post: `EXISTS (SELECT FROM posts WHERE slug = candidate) OR EXISTS (SELECT FROM former_slugs WHERE slug = candidate)`,
  category: `EXISTS (SELECT FROM categories WHERE slug = candidate)`,
} as const;

const freeStatement = (kind: keyof typeof TAKEN): string => `
  SELECT candidate FROM (
    SELECT n, CASE n WHEN 1 THEN $1 ELSE rtrim(left($1, ${MAX_LENGTH - 1} - length(n::text)), '-') || '-' || n END AS candidate
    FROM generate_series(1, $2::integer) AS n
  ) AS candidates
  WHERE NOT (${TAKEN[kind]}) ORDER BY n LIMIT $3`;

/**
 * Slugs that nobody has now: `base`, `base-2`, `base-3` … Somebody may take one in the next moment, so they are inserted
 * with ON CONFLICT DO NOTHING, and asked for again when that inserted nothing.
 * @param count how many
 */
export async function freeSlugs(
  tx: Transaction,
  kind: keyof typeof TAKEN,
  base: string,
  count: number,
): Promise<string[]> {
  for (const reach of REACHES) {
    const parameters = [base, reach + count, count];
    const { rows } = await tx.query<{ candidate: string }>(freeStatement(kind), parameters);
    if (rows.length === count) return rows.map((row) => row.candidate);
  }
  throw new Error(`More than ${REACHES.at(-1)} slugs begin with ${base}`);
}

/** @returns those of the slugs that posts have or had */
export async function takenSlugs(tx: Transaction, slugs: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await tx.query<{ candidate: string }>(
    `SELECT candidate FROM unnest($1::text[]) AS candidate WHERE ${TAKEN.post}`,
    [slugs],
  );
  return new Set(rows.map((row) => row.candidate));
}

/** Whether the slug still leads to a post of somebody else, who had it before. */
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
