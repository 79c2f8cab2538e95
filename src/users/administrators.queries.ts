import type { Transaction } from '../platform/outbox/transaction-runner.js';
import { LastAdministrator } from './users.problems.js';

/** In the order of ids, so that two administrators who remove each other wait rather than deadlock. */
const LOCK_ADMINISTRATORS = `SELECT id FROM users WHERE role = 'admin' ORDER BY id FOR UPDATE`;

/**
 * Call this before another row of users is locked. Until the transaction ends, no other can take the role away from an
 * administrator.
 * @returns a check for the user who is about to lose the role @throws the check throws LastAdministrator 409
 */
export async function lockAdministrators(tx: Transaction): Promise<(userId: number) => void> {
  const { rows } = await tx.query<{ id: number }>(LOCK_ADMINISTRATORS);
  return (userId) => {
    const isOne = rows.some(({ id }) => id === userId);
    if (isOne && rows.length === 1) throw new LastAdministrator();
  };
}
