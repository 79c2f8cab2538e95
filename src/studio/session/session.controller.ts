import { Body, Controller, Get, Headers, Post, Query, Redirect, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { ByCookie, CurrentPrincipal } from '../../platform/access/access.js';
import { type Client, CurrentClient } from '../../platform/access/client.js';
import type { Principal } from '../../platform/access/principal.js';
import { RateLimit } from '../../platform/rate-limits/rate-limit.decorator.js';
import { BodyLimit, CREDENTIALS_BODY_LIMIT } from '../../platform/server/body-limit.js';
import type { FormBody } from '../../platform/server/form-body.js';
import { BrowserSessions } from '../../sessions/browser-sessions.service.js';
import { SessionsService } from '../../sessions/sessions.service.js';
import { answerForm, goOn, parseForm, valueOf } from '../form.js';
import { LANGUAGES } from '../texts/bilingual.js';
import { CurrentVisit, LANGUAGE_COOKIE, type Visit } from '../visit.js';
import { pathInStudio } from './path-in-studio.js';
import { signInPage } from './sign-in-page.js';
import { WaysIn } from './ways-in.service.js';
import { SignIn, signInSchema } from './sign-in.service.js';

const languageSchema = z.object({ language: z.enum(LANGUAGES) });
const YEAR_SECONDS = 31_536_000;

/** Signs browsers in and out. */
@ByCookie()
@Controller('studio')
export class StudioSessionController {
  constructor(
    private readonly accounts: SignIn,
    private readonly browsers: BrowserSessions,
    private readonly sessions: SessionsService,
    private readonly ways: WaysIn,
  ) {}

  @Get()
  @Redirect('/studio/posts', 303)
  root(): void {}

  @Get('sign-in')
  async form(@CurrentVisit() visit: Visit, @Query('next') next?: unknown): Promise<string> {
    return signInPage(visit, { next: pathInStudio(next), ...(await this.ways.find()) });
  }

  @Post('sign-in')
  @RateLimit('login')
  @BodyLimit(CREDENTIALS_BODY_LIMIT)
  signIn(
    @Body() form: FormBody = {},
    @CurrentVisit() visit: Visit,
    @CurrentClient() client: Client,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Headers('user-agent') userAgent: string = '',
  ): Promise<string> {
    const next = pathInStudio(valueOf(form, 'next'));
    return answerForm(
      { reply, visit },
      async () => {
        const login = parseForm(signInSchema, form);
        const origin = await this.accounts.originOf(login.username, client);
        void reply.header('set-cookie', await this.accounts.cookies(login, { client, origin, userAgent }));
        return next;
      },
      async (errors) =>
        signInPage(visit, { next, username: valueOf(form, 'username'), ...(await this.ways.find()) }, errors),
    );
  }

  @Post('sign-out')
  async signOut(
    @CurrentPrincipal() principal: Principal | undefined,
    @CurrentClient() client: Client,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    if (principal !== undefined) await this.sessions.logOut(principal.userId, principal.sessionId);
    void reply.header('set-cookie', this.browsers.noCookie(client));
    return goOn(reply, '/studio/sign-in?done=signed-out');
  }

  /** Remembers the language of this browser, and goes back. */
  @Post('language')
  chooseLanguage(@Body() form: FormBody = {}, @Res({ passthrough: true }) reply: FastifyReply): string {
    const { language } = parseForm(languageSchema, form);
    void reply.header(
      'set-cookie',
      `${LANGUAGE_COOKIE}=${language}; Path=/studio; Max-Age=${YEAR_SECONDS}; SameSite=Lax`,
    );
    return goOn(reply, pathInStudio(valueOf(form, 'next')));
  }
}
