import { changeRepeated } from '../platform/events/change-repeated.js';
import { Injectable } from '@nestjs/common';
import type { Principal } from '../platform/access/principal.js';
import { type Transaction, TransactionRunner } from '../platform/database/transaction-runner.js';
import { isUniqueViolation } from '../platform/database/unique-violation.js';
import { ValidationFailed } from '../platform/errors/validation-failed.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { CredentialsService } from './credentials.service.js';
import { User } from './user.entity.js';
import type { UserKey } from './user-key.js';
import { UserRevised } from './users.events.js';
import { UserTaken, WrongPassword } from './users.problems.js';
import type { UserChanges } from './users.schemas.js';
import { UsersService } from './users.service.js';

interface NewPassword {
  readonly hash: string;
  /** The hash that the current password was checked against; absent when an admin sets it. */
  readonly replaces?: string;
}

/** What a user, or an admin, changes of an account. */
@Injectable()
export class AccountChangesService {
  constructor(
    private readonly users: UsersService,
    private readonly credentials: CredentialsService,
    private readonly sessions: SessionsService,
    private readonly transactions: TransactionRunner,
  ) {}

  /**
   * A new password ends all sessions but the one of this request.
   * @throws UserNotFound, UserTaken (the e-mail address), WrongPassword, ValidationFailed without the current password
   */
  async change(key: UserKey, changes: UserChanges, by: Principal): Promise<User> {
    const { id, username } = await this.users.get(key);
    const isOwn = id === by.userId;
    const password = await this.newPassword(username, changes, isOwn);
    try {
      return await this.transactions.run(async (tx) => {
        const user = await this.users.lock(tx, { id });
        if (password !== undefined) {
          await this.setPassword(tx, id, password);
          await this.sessions.revokeOthers(tx, id, isOwn ? by.sessionId : null);
        }
        await this.setProfile(tx, user, changes);
        return tx.manager.findOneByOrFail(User, { id });
      });
    } catch (error) {
      throw isUniqueViolation(error) ? new UserTaken() : error;
    }
  }

  /** Outside the transaction, which must not stay open while a password is hashed. */
  private async newPassword(
    username: string,
    { password, current_password: current }: UserChanges,
    isOwn: boolean,
  ): Promise<NewPassword | undefined> {
    if (password === undefined) return undefined;
    if (!isOwn) return { hash: await this.credentials.hash(password) };
    if (current === undefined) {
      throw new ValidationFailed([
        { pointer: '/current_password', detail: 'is needed to change your password' },
      ]);
    }
    const proven = await this.credentials.check(username, current);
    if (proven === null) throw new WrongPassword();
    return { hash: await this.credentials.hash(password), replaces: proven.passwordHash };
  }

  /** Of two changes at the same moment the later one showed a password that is not the current one any more. */
  private async setPassword(tx: Transaction, id: number, { hash, replaces }: NewPassword): Promise<void> {
    const condition = replaces === undefined ? { id } : { id, passwordHash: replaces };
    const { affected } = await tx.manager.update(User, condition, { passwordHash: hash });
    if (affected !== 1) throw new WrongPassword();
  }

  private async setProfile(tx: Transaction, user: User, changes: UserChanges): Promise<void> {
    const { email = user.email, display_name: displayName = user.displayName, bio = user.bio } = changes;
    const isShown = displayName !== user.displayName || bio !== user.bio;
    const revised = UserRevised({ id: user.id, username: user.username });
    if (isShown) tx.record(revised);
    else if (changes.display_name !== undefined || changes.bio !== undefined)
      tx.record(changeRepeated(revised.tags));
    if (isShown || email !== user.email) await tx.manager.update(User, user.id, { email, displayName, bio });
  }
}
