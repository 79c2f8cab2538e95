import type { Transaction } from '../platform/outbox/transaction-runner.js';

/** A new password makes a link to set one worthless: whoever has it may not be the owner. */
export async function forgetResetLink(tx: Transaction, userId: number): Promise<void> {
  await tx.query('DELETE FROM password_resets WHERE user_id = $1', [userId]);
}
