import type { Transaction } from '../outbox/transaction-runner.js';
import type { QuotaUse } from './rate-counter.js';
import type { PolicyName, RateLimitPolicy } from './rate-limit-policies.js';

const NOW_MS = '(extract(epoch FROM clock_timestamp()) * 1000)::bigint';

/** $1 is the key, $2 the window in milliseconds. A window that has ended starts again. */
const COUNT = `
  INSERT INTO rate_limits AS counted (key, points, expire) VALUES ($1, 1, ${NOW_MS} + $2::integer)
  ON CONFLICT (key) DO UPDATE SET
    points = CASE WHEN counted.expire > ${NOW_MS} THEN counted.points + 1 ELSE 1 END,
    expire = CASE WHEN counted.expire > ${NOW_MS} THEN counted.expire ELSE excluded.expire END
  RETURNING points AS consumed, (expire - ${NOW_MS})::integer AS "msUntilReset"`;

/**
 * Counts one more use as part of the transaction. A rollback takes it back, and transactions with the same key wait for
 * each other, so the count is exact.
 */
export async function countInTransaction(
  tx: Transaction,
  { name, policy }: { readonly name: PolicyName; readonly policy: RateLimitPolicy },
  key: string,
): Promise<QuotaUse> {
  const { rows } = await tx.query<QuotaUse>(COUNT, [
    `inkwell:limit:${name}:${key}`,
    policy.windowSeconds * 1000,
  ]);
  return rows[0]!;
}
