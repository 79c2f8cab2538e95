import { Injectable } from '@nestjs/common';
import { IdempotentRequests, keyed } from '../platform/idempotency/idempotent-requests.js';
import type { Outcome } from '../platform/responses/answer.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { lockAdministrators } from './administrators.queries.js';
import type { ChangeRequest } from './account-changes.service.js';
import { CredentialsService } from './credentials.service.js';
import { deleteDraftsOf } from './drafts-of-user.queries.js';
import { sessionOrigin } from './session-origin.js';
import { User } from './user.entity.js';
import type { UserKey } from './user-key.js';
import { UserRemoved } from './users.events.js';
import { WrongPassword } from './users.problems.js';
import { UsersService } from './users.service.js';

/**
 * Deletes accounts. The caller must send the current password, because a token alone must not suffice for what cannot
 * be undone.
 */
@Injectable()
export class AccountRemovalService {
  constructor(
    private readonly users: UsersService,
    private readonly credentials: CredentialsService,
    private readonly sessions: SessionsService,
    private readonly requests: IdempotentRequests,
  ) {}

  /**
   * Deletes personal data and drafts. Published posts stay, without an author.
   * @param currentPassword of the caller
   * @throws WrongPassword, RateLimited, UserNotFound, LastAdministrator 409
   */
  async remove(key: UserKey, currentPassword: string, request: ChangeRequest): Promise<Outcome<void>> {
    const { by, network, method, idempotencyKey } = request;
    const proven = await this.credentials.check(by.username, currentPassword, sessionOrigin(by, network));
    if (proven === null) throw new WrongPassword();
    const isOwn = 'id' in key ? key.id === by.userId : key.username === by.username;
    // Deleting an account deletes its idempotency keys, and the token for a repeated request becomes invalid.
    const idempotentRequest = isOwn
      ? undefined
      : keyed<void>(idempotencyKey, { holder: by, content: [`${method} users`, key] });
    return this.requests.once(idempotentRequest, async (tx) => {
      const assertNotLast = await lockAdministrators(tx);
      const { id, username } = await this.users.lock(tx, key);
      assertNotLast(id);
      const sessionIds = await this.sessions.validIds(tx, id);
      await deleteDraftsOf(tx, id);
      await tx.manager.delete(User, id);
      tx.record(UserRemoved({ id, username, session_ids: sessionIds }));
    });
  }
}
