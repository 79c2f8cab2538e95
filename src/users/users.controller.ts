import { Body, Controller, Delete, Get, Headers, Param, Patch, Put, Query } from '@nestjs/common';
import { z } from 'zod';
import { type Client, CurrentClient } from '../platform/access/client.js';
import { CurrentPrincipal, RequiresLogin } from '../platform/access/access.js';
import type { Principal } from '../platform/access/principal.js';
import type { Answer, Outcome } from '../platform/responses/answer.js';
import { AnswersWith } from '../platform/openapi/documents.js';
import { Cached } from '../platform/responses/cached.decorator.js';
import { AccountChangesService } from './account-changes.service.js';
import { AccountRemovalService } from './account-removal.service.js';
import { accountOf } from './account-of.js';
import { type UserKey, userKeyOf } from './user-key.js';
import { NotYourAccount } from './users.problems.js';
import { UserQueries } from './users.queries.js';
import {
  type Account,
  type AccountRemoval,
  accountRemovalSchema,
  accountSchema,
  MAX_IDS,
  profileSchema,
  type UserChanges,
  userChangesSchema,
  type UserListQuery,
  userListQuerySchema,
  type UserReference,
  userReferenceSchema,
} from './users.schemas.js';
import { UsersService } from './users.service.js';

/** The user in the path, if it is the caller or the caller is an administrator. */
function ownKey({ id }: UserReference, me: Principal): UserKey {
  const key = userKeyOf(id);
  const isOwn = 'id' in key ? key.id === me.userId : key.username === me.username;
  if (!isOwn && me.role !== 'admin') throw new NotYourAccount();
  return key;
}

@Controller('api/users')
export class UsersController {
  constructor(
    private readonly users: UsersService,
    private readonly queries: UserQueries,
    private readonly changes: AccountChangesService,
    private readonly removal: AccountRemovalService,
  ) {}

  /** Public profiles of several users. Unknown ids are left out. */
  @Get()
  @AnswersWith(200, z.array(profileSchema).max(MAX_IDS))
  list(@Query({ schema: userListQuerySchema }) { ids }: UserListQuery): Promise<Answer> {
    return this.queries.profiles(ids);
  }

  /** The caller's own account. */
  @Get('me')
  @RequiresLogin()
  @AnswersWith(200, accountSchema)
  async me(@CurrentPrincipal() me: Principal): Promise<Account> {
    return accountOf(await this.users.get({ id: me.userId }));
  }

  /** A public profile. */
  @Get(':id')
  @Cached({ cache: 'user', ttlSeconds: 300, params: userReferenceSchema })
  @AnswersWith(200, profileSchema)
  profile(@Param({ schema: userReferenceSchema }) { id }: UserReference): Promise<Answer> {
    return this.queries.profile(userKeyOf(id));
  }

  /** Changes the given members and leaves the others, like PATCH. */
  @Put(':id')
  @RequiresLogin()
  @AnswersWith(200, accountSchema)
  replace(
    @CurrentPrincipal() me: Principal,
    @Param({ schema: userReferenceSchema }) reference: UserReference,
    @Body({ schema: userChangesSchema }) changes: UserChanges,
    @CurrentClient() { network }: Client,
    @Headers('idempotency-key') idempotencyKey?: string,
  ): Promise<Outcome<Account>> {
    return this.changes.change(ownKey(reference, me), changes, {
      by: me,
      network,
      method: 'PUT',
      idempotencyKey,
    });
  }

  /** Changes the given members and leaves the others. A new password ends all other sessions. */
  @Patch(':id')
  @RequiresLogin()
  @AnswersWith(200, accountSchema)
  change(
    @CurrentPrincipal() me: Principal,
    @Param({ schema: userReferenceSchema }) reference: UserReference,
    @Body({ schema: userChangesSchema }) changes: UserChanges,
    @CurrentClient() { network }: Client,
    @Headers('idempotency-key') idempotencyKey?: string,
  ): Promise<Outcome<Account>> {
    return this.changes.change(ownKey(reference, me), changes, {
      by: me,
      network,
      method: 'PATCH',
      idempotencyKey,
    });
  }

  /** Deletes an account with its personal data and drafts. Published posts stay, by `[deleted]`. */
  @Delete(':id')
  @RequiresLogin()
  @AnswersWith(204)
  remove(
    @CurrentPrincipal() me: Principal,
    @Param({ schema: userReferenceSchema }) reference: UserReference,
    @Body({ schema: accountRemovalSchema }) { current_password: current }: AccountRemoval,
    @CurrentClient() { network }: Client,
    @Headers('idempotency-key') idempotencyKey?: string,
  ): Promise<Outcome<void>> {
    return this.removal.remove(ownKey(reference, me), current, {
      by: me,
      network,
      method: 'DELETE',
      idempotencyKey,
    });
  }
}
