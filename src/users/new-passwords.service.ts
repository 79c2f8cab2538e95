import { Injectable } from '@nestjs/common';
import type { Principal } from '../platform/access/principal.js';
import { ValidationFailed } from '../platform/errors/validation-failed.js';
import { RateLimits } from '../platform/rate-limits/rate-limits.js';
import type { Transaction } from '../platform/outbox/transaction-runner.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { CredentialsService } from './credentials.service.js';
import { forgetResetLink } from './reset-link.queries.js';
import { sessionOrigin } from './session-origin.js';
import { User } from './user.entity.js';
import { WrongPassword } from './users.problems.js';
import type { UserChanges } from './users.schemas.js';

export interface NewPassword {
  readonly hash: string;
  /** The hash that the current password was checked against. Absent if an administrator sets the password. */
  readonly replaces?: string;
}

/** The origin of a request for a new password. */
export interface PasswordRequest {
  /** The owner, who must send the current password. Null if an administrator sets it for another user. */
  readonly owner: Principal | null;
  /** The client's network. */
  readonly network: string;
}

/** Prepares password changes. They are limited, because each costs as much as two logins. */
@Injectable()
export class NewPasswords {
  constructor(
    private readonly credentials: CredentialsService,
    private readonly limits: RateLimits,
    private readonly sessions: SessionsService,
  ) {}

  /**
   * Runs before the transaction, which must not stay open while a password is hashed.
   * @returns undefined if the password stays the same
   * @throws RateLimited, WrongPassword, ValidationFailed
   */
  async prepare(
    user: User,
    { password, current_password: current, email, display_name: displayName }: UserChanges,
    { owner, network }: PasswordRequest,
  ): Promise<NewPassword | undefined> {
    if (password === undefined) return undefined;
    await this.limits.consume('password-change', network, user.id);
    await this.credentials.assertStrong(password, {
      username: user.username,
      email: email ?? user.email,
      displayName: displayName ?? user.displayName,
    });
    const replaces = owner === null ? undefined : await this.prove(user.username, current, owner, network);
    // Counted after the current password is verified, so that other people's guesses cannot use up the quota.
    await this.limits.consume('password-change-account', String(user.id), user.id);
    const hash = await this.credentials.hash(password, network);
    return replaces === undefined ? { hash } : { hash, replaces };
  }

  /**
   * Sets the password and ends all sessions except that of the owner's request. Of two concurrent changes the later one
   * fails, because its current password is outdated.
   */
  async set(
    tx: Transaction,
    id: number,
    { hash, replaces }: NewPassword,
    keptSessionId: string | null,
  ): Promise<void> {
    const condition = replaces === undefined ? { id } : { id, passwordHash: replaces };
    const { affected } = await tx.manager.update(User, condition, { passwordHash: hash });
    if (affected !== 1) throw new WrongPassword();
    await forgetResetLink(tx, id);
    await this.sessions.revokeOthers(tx, id, keptSessionId);
  }

  private async prove(
    username: string,
    current: string | undefined,
    owner: Principal,
    network: string,
  ): Promise<string> {
    if (current === undefined) {
      throw new ValidationFailed([
        { pointer: '/current_password', detail: 'is needed to change your password' },
      ]);
    }
    const proven = await this.credentials.check(username, current, sessionOrigin(owner, network));
    if (proven === null) throw new WrongPassword();
    return proven.passwordHash;
  }
}
