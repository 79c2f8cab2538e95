import { Injectable } from '@nestjs/common';
import { changeRepeated } from '../platform/outbox/define-event.js';
import type { Principal } from '../platform/access/principal.js';
import type { Transaction } from '../platform/outbox/transaction-runner.js';
import { IdempotentRequests, keyed } from '../platform/idempotency/idempotent-requests.js';
import type { Outcome } from '../platform/responses/answer.js';
import { accountOf } from './account-of.js';
import { AccountConflicts } from './account-conflicts.service.js';
import { NewPasswords } from './new-passwords.service.js';
import { User } from './user.entity.js';
import type { UserKey } from './user-key.js';
import { UserRevised } from './users.events.js';
import type { Account, UserChanges } from './users.schemas.js';
import { UsersService } from './users.service.js';

export { userChangesSchema } from './users.schemas.js';

/** The caller, and the request. */
export interface ChangeRequest {
  readonly by: Principal;
  /** The client's network. */
  readonly network: string;
  readonly method: 'PUT' | 'PATCH' | 'DELETE';
  readonly idempotencyKey?: string | undefined;
  /** Runs in the transaction of the change. */
  readonly within?: (tx: Transaction) => Promise<void>;
}

/** Changes an account for its user or for an administrator. */
@Injectable()
export class AccountChangesService {
  constructor(
    private readonly users: UsersService,
    private readonly passwords: NewPasswords,
    private readonly requests: IdempotentRequests,
    private readonly conflicts: AccountConflicts,
  ) {}

  /**
   * A new password ends all sessions except that of this request.
   * @throws UserNotFound, UserTaken (the e-mail address), WrongPassword, ValidationFailed without the current password
   */
  async change(key: UserKey, changes: UserChanges, request: ChangeRequest): Promise<Outcome<Account>> {
    const { by, network, method, idempotencyKey, within } = request;
    const user = await this.users.get(key);
    const { id } = user;
    const isOwn = id === by.userId;
    const newPassword = await settled(
      this.passwords.prepare(user, changes, { owner: isOwn ? by : null, network }),
    );
    const idempotentRequest = keyed<Account>(idempotencyKey, {
      holder: by,
      content: [`${method} users`, id, changes],
      hasSecret: true,
      subjectOf: () => id,
    });
    const write = (): Promise<Outcome<Account>> =>
      this.requests.once(idempotentRequest, async (tx) => {
        const locked = await this.users.lock(tx, { id });
        const password = newPassword();
        if (password !== undefined) await this.passwords.set(tx, id, password, isOwn ? by.sessionId : null);
        await this.setProfile(tx, locked, changes);
        await within?.(tx);
        return accountOf(await tx.manager.findOneByOrFail(User, { id }));
      });
    if (changes.email === undefined || changes.email === user.email) return write();
    return this.conflicts.count(
      [
        ['email-conflict-account', String(by.userId)],
        ['email-conflict', network],
      ],
      write,
    );
  }

  private async setProfile(tx: Transaction, user: User, changes: UserChanges): Promise<void> {
    const { email = user.email, display_name: displayName = user.displayName, bio = user.bio } = changes;
    const isShown = displayName !== user.displayName || bio !== user.bio;
    // Recorded even if nothing changes, because the request that made the change may still be waiting.
    const renamed = changes.display_name === undefined ? {} : { renamed: true };
    const revised = UserRevised({ id: user.id, username: user.username, ...renamed });
    if (isShown) tx.record(revised);
    else if (changes.display_name !== undefined || changes.bio !== undefined)
      tx.record(changeRepeated(revised.tags));
    if (isShown || email !== user.email) await tx.manager.update(User, user.id, { email, displayName, bio });
  }
}

/**
 * Delays an error until the value is needed. If an earlier attempt of the same request has already changed the
 * password, the current password no longer matches, but the request must get its stored answer.
 */
const settled = <T>(promise: Promise<T>): Promise<() => T> =>
  promise.then(
    (value) => () => value,
    (error: unknown) => () => {
      throw error;
    },
  );
