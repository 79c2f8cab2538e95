import { Body, Controller, Get, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ByCookie, CurrentPrincipal, RequiresLogin } from '../../platform/access/access.js';
import { type Client, CurrentClient } from '../../platform/access/client.js';
import type { Principal } from '../../platform/access/principal.js';
import { NotCountedAsWrite } from '../../platform/rate-limits/rate-limit.decorator.js';
import type { FormBody } from '../../platform/server/form-body.js';
import { BrowserSessions } from '../../sessions/browser-sessions.service.js';
import { SessionsService } from '../../sessions/sessions.service.js';
import { AccountChangesService, userChangesSchema } from '../../users/account-changes.service.js';
import { UsersService } from '../../users/users.service.js';
import { answerForm, type FormErrors, parseForm, valueOf } from '../form.js';
import { CurrentVisit, type Visit } from '../visit.js';
import { accountPage } from './account-page.js';

const profileSchema = userChangesSchema.pick({ display_name: true, bio: true, email: true });
const passwordSchema = userChangesSchema.pick({ password: true, current_password: true }).required();

/** One's own account. */
@ByCookie()
@RequiresLogin()
@NotCountedAsWrite()
@Controller('studio/account')
export class StudioAccountController {
  constructor(
    private readonly users: UsersService,
    private readonly changes: AccountChangesService,
    private readonly sessions: SessionsService,
    private readonly browsers: BrowserSessions,
  ) {}

  @Get()
  show(@CurrentVisit() visit: Visit, @CurrentPrincipal() me: Principal): Promise<string> {
    return this.page(visit, me);
  }

  @Post('profile')
  saveProfile(
    @CurrentVisit() visit: Visit,
    @CurrentPrincipal() me: Principal,
    @CurrentClient() { network }: Client,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() form: FormBody = {},
  ): Promise<string> {
    const [displayName, bio, email] = ['display_name', 'bio', 'email'].map((name) => valueOf(form, name)) as [
      string,
      string,
      string,
    ];
    return answerForm(
      { reply, visit },
      async () => {
        const profile = { display_name: displayName, bio: bio.replaceAll('\r\n', '\n') };
        const changes = parseForm(profileSchema, email === '' ? profile : { ...profile, email });
        await this.changes.change({ id: me.userId }, changes, { by: me, network, method: 'PATCH' });
        return '/studio/account?done=saved';
      },
      (errors) => this.page(visit, me, errors, { displayName, bio, email }),
    );
  }

  /** Every other session ends, and this browser gets another cookie. */
  @Post('password')
  changePassword(
    @CurrentVisit() visit: Visit,
    @CurrentPrincipal() me: Principal,
    @CurrentClient() client: Client,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() form: FormBody = {},
  ): Promise<string> {
    return answerForm(
      { reply, visit },
      async () => {
        const typed = {
          password: valueOf(form, 'password'),
          current_password: valueOf(form, 'current_password'),
        };
        let secret = '';
        await this.changes.change({ id: me.userId }, parseForm(passwordSchema, typed), {
          ...{ by: me, network: client.network, method: 'PATCH' },
          within: async (tx) => {
            secret = await this.browsers.replaceCookie(tx, me.sessionId);
          },
        });
        void reply.header('set-cookie', this.browsers.cookieOf(secret, client));
        return '/studio/account?done=password-changed';
      },
      (errors) => this.page(visit, me, errors),
    );
  }

  private async page(
    visit: Visit,
    me: Principal,
    errors?: FormErrors,
    typed?: { displayName: string; bio: string; email: string },
  ): Promise<string> {
    const user = await this.users.get({ id: me.userId });
    const sessions = await this.sessions.list(me.userId);
    return accountPage(visit, { user: typed ?? user, sessions }, errors);
  }
}
