import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { z } from 'zod';
import { TransactionRunner } from '../platform/outbox/transaction-runner.js';
import { newPasswordSchema } from '../platform/passwords/password.schemas.js';
import { newOpaqueToken, opaqueTokenHash } from '../platform/secrets/opaque-token.js';
import { NewPasswords } from './new-passwords.service.js';
import { ResetLinkInvalid } from './users.problems.js';
import { UsersService } from './users.service.js';

/** The form of a person who has a link. */
export const passwordResetSchema = z.strictObject({
  token: z.string().max(100),
  password: newPasswordSchema,
});
export type PasswordReset = z.output<typeof passwordResetSchema>;

const SAVE = `
  INSERT INTO password_resets (user_id, token_hash, expires_at) VALUES ($1, $2, now() + interval '24 hours')
  ON CONFLICT (user_id) DO UPDATE SET token_hash = excluded.token_hash, expires_at = excluded.expires_at`;
const FIND = 'SELECT user_id FROM password_resets WHERE token_hash = $1 AND expires_at > now()';
const TAKE = 'DELETE FROM password_resets WHERE token_hash = $1 AND expires_at > now() RETURNING user_id';

export const DELETE_OLD_RESETS = 'DELETE FROM password_resets WHERE expires_at <= now()';

/** Links that an administrator hands to somebody who has lost the password. They are valid for 24 hours, and once. */
@Injectable()
export class PasswordResets {
  constructor(
    private readonly pool: Pool,
    private readonly users: UsersService,
    private readonly passwords: NewPasswords,
    private readonly transactions: TransactionRunner,
  ) {}

  /** Replaces an earlier link of the account. @returns the token, which nobody can read again @throws UserNotFound */
  async create(userId: number): Promise<string> {
    const token = newOpaqueToken();
    await this.transactions.run(async (tx) => {
      await this.users.lock(tx, { id: userId });
      await tx.query(SAVE, [userId, opaqueTokenHash(token)]);
    });
    return token;
  }

  /** @returns the user name of the account that the link belongs to @throws ResetLinkInvalid 410 */
  async ownerOf(token: string): Promise<string> {
    return (await this.users.get({ id: await this.userIdOf(token) })).username;
  }

  /**
   * Sets the password and ends all sessions of the account.
   * @param network of the client
   * @throws ResetLinkInvalid 410, ValidationFailed for a password that is easy to guess, RateLimited
   */
  async use({ token, password }: PasswordReset, network: string): Promise<void> {
    const user = await this.users.get({ id: await this.userIdOf(token) });
    // Hashed before the transaction, which must not stay open for so long.
    const prepared = await this.passwords.prepare(user, { password }, { owner: null, network });
    await this.transactions.run(async (tx) => {
      await this.users.lock(tx, { id: user.id });
      const { rowCount } = await tx.query(TAKE, [opaqueTokenHash(token)]);
      if (rowCount !== 1 || prepared === undefined) throw new ResetLinkInvalid();
      await this.passwords.set(tx, user.id, prepared, null);
    });
  }

  private async userIdOf(token: string): Promise<number> {
    const { rows } = await this.pool.query<{ user_id: number }>(FIND, [opaqueTokenHash(token)]);
    if (rows[0] === undefined) throw new ResetLinkInvalid();
    return rows[0].user_id;
  }
}
