import { Body, Controller, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { ByCookie, CurrentPrincipal, RequiresLogin } from '../../platform/access/access.js';
import { type Client, CurrentClient } from '../../platform/access/client.js';
import type { Principal } from '../../platform/access/principal.js';
import { NotCountedAsWrite } from '../../platform/rate-limits/rate-limit.decorator.js';
import type { FormBody } from '../../platform/server/form-body.js';
import { BrowserSessions } from '../../sessions/browser-sessions.service.js';
import { SessionsService } from '../../sessions/sessions.service.js';
import { AccountRemovalService } from '../../users/account-removal.service.js';
import { UsersService } from '../../users/users.service.js';
import { answerForm, goOn, valueOf } from '../form.js';
import { CurrentVisit, type Visit } from '../visit.js';
import { accountPage } from './account-page.js';

const sessionSchema = z.object({ id: z.uuid() });

/** Ends sessions of one's own, or the whole account. */
@ByCookie()
@RequiresLogin()
@NotCountedAsWrite()
@Controller('studio/account')
export class StudioOwnSessionsController {
  constructor(
    private readonly users: UsersService,
    private readonly removal: AccountRemovalService,
    private readonly sessions: SessionsService,
    private readonly browsers: BrowserSessions,
  ) {}

  /** Ends one session. One that has ended already is no error. */
  @Post('sessions/:id/end')
  async end(
    @CurrentPrincipal() me: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param({ schema: sessionSchema }) { id }: { id: string },
  ): Promise<string> {
    await this.sessions.revoke(me.userId, id);
    return goOn(reply, '/studio/account?done=session-ended');
  }

  @Post('sessions/end-others')
  async endOthers(
    @CurrentPrincipal() me: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    await this.sessions.revokeAllBut(me.userId, me.sessionId);
    return goOn(reply, '/studio/account?done=session-ended');
  }

  @Post('delete')
  deleteAccount(
    @CurrentVisit() visit: Visit,
    @CurrentPrincipal() me: Principal,
    @CurrentClient() client: Client,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() form: FormBody = {},
  ): Promise<string> {
    return answerForm(
      { reply, visit },
      async () => {
        const password = valueOf(form, 'password_to_delete');
        const request = { by: me, network: client.network, method: 'DELETE' } as const;
        await this.removal.remove({ id: me.userId }, password, request);
        void reply.header('set-cookie', this.browsers.noCookie(client));
        return '/studio/sign-in?done=account-deleted';
      },
      async (errors) =>
        accountPage(
          visit,
          { user: await this.users.get({ id: me.userId }), sessions: await this.sessions.list(me.userId) },
          { ...errors, fields: { delete: errors.summary } },
        ),
    );
  }
}
