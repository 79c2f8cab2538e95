import { Controller, Delete, Get, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { CurrentPrincipal, RequiresLogin } from '../platform/access/access.js';
import type { Principal } from '../platform/access/principal.js';
import { NotCountedAsWrite } from '../platform/rate-limits/rate-limit.decorator.js';
import { AnswersWith } from '../platform/openapi/documents.js';
import { SessionNotFound } from './sessions.problems.js';
import {
  MAX_LISTED,
  type SessionReference,
  sessionReferenceSchema,
  sessionSchema,
} from './sessions.schemas.js';
import { type ListedSession, SessionsService } from './sessions.service.js';

@RequiresLogin()
@NotCountedAsWrite()
@Controller('api')
export class SessionsController {
  constructor(private readonly sessions: SessionsService) {}

  /** The sessions of the caller. */
  @Get('sessions')
  @AnswersWith(200, z.array(sessionSchema).max(MAX_LISTED))
  async list(@CurrentPrincipal() me: Principal): Promise<(ListedSession & { current: boolean })[]> {
    const sessions = await this.sessions.list(me.userId);
    return sessions.map((session) => ({ ...session, current: session.id === me.sessionId }));
  }

  /** Ends one session of the caller. */
  @Delete('sessions/:id')
  @AnswersWith(204)
  async revoke(
    @CurrentPrincipal() me: Principal,
    @Param({ schema: sessionReferenceSchema }) { id }: SessionReference,
  ): Promise<void> {
    if (!(await this.sessions.revoke(me.userId, id))) throw new SessionNotFound();
  }

  /** Ends the session of this request. */
  @Post('logout')
  @AnswersWith(204)
  async logout(@CurrentPrincipal() me: Principal): Promise<void> {
    await this.sessions.logOut(me.userId, me.sessionId);
  }

  /** Ends all sessions of the caller. */
  @Post('logout-all')
  @AnswersWith(204)
  async logoutEverywhere(@CurrentPrincipal() me: Principal): Promise<void> {
    await this.sessions.revokeAll(me.userId);
  }
}
