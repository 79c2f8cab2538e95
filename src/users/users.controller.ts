import { Body, Controller, Delete, Get, Param, Patch, Put, Query } from '@nestjs/common';
import { z } from 'zod';
import { CurrentPrincipal, RequiresLogin } from '../platform/access/access.js';
import type { Principal } from '../platform/access/principal.js';
import type { Answer } from '../platform/answers/answer.js';
import { AnswersWith } from '../platform/answers/answers-with.js';
import { Cached } from '../platform/cache/cached.decorator.js';
import { AccountChangesService } from './account-changes.service.js';
import { accountOf } from './account-of.js';
import { type UserKey, userKeyOf } from './user-key.js';
import { NotYourAccount } from './users.problems.js';
import { UserQueries } from './users.queries.js';
import {
  type Account,
  accountSchema,
  profileSchema,
  type UserChanges,
  userChangesSchema,
  type UserListQuery,
  userListQuerySchema,
  type UserReference,
  userReferenceSchema,
} from './users.schemas.js';
import { UsersService } from './users.service.js';

/** The user of the path, when it is the caller or the caller is an admin. */
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
  ) {}

  /** Public profiles of several users; unknown ones are left out. */
  @Get()
  @AnswersWith(200, z.array(profileSchema))
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

  /** Changes what the body names and leaves the rest, as PATCH does. */
  @Put(':id')
  @RequiresLogin()
  @AnswersWith(200, accountSchema)
  replace(
    @CurrentPrincipal() me: Principal,
    @Param({ schema: userReferenceSchema }) reference: UserReference,
    @Body({ schema: userChangesSchema }) changes: UserChanges,
  ): Promise<Account> {
    return this.change(me, reference, changes);
  }

  /** Changes what the body names and leaves the rest. A new password ends all other sessions. */
  @Patch(':id')
  @RequiresLogin()
  @AnswersWith(200, accountSchema)
  async change(
    @CurrentPrincipal() me: Principal,
    @Param({ schema: userReferenceSchema }) reference: UserReference,
    @Body({ schema: userChangesSchema }) changes: UserChanges,
  ): Promise<Account> {
    return accountOf(await this.changes.change(ownKey(reference, me), changes, me));
  }

  /** Deletes an account and its personal data. Posts stay, by `[deleted]`. */
  @Delete(':id')
  @RequiresLogin()
  @AnswersWith(204)
  async remove(
    @CurrentPrincipal() me: Principal,
    @Param({ schema: userReferenceSchema }) reference: UserReference,
  ): Promise<void> {
    await this.users.remove(ownKey(reference, me));
  }
}
