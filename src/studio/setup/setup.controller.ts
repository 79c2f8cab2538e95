import { Body, Controller, Get, Headers, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ByCookie } from '../../platform/access/access.js';
import { type Client, CurrentClient } from '../../platform/access/client.js';
import { RateLimit } from '../../platform/rate-limits/rate-limit.decorator.js';
import { BodyLimit, CREDENTIALS_BODY_LIMIT } from '../../platform/server/body-limit.js';
import type { FormBody } from '../../platform/server/form-body.js';
import { answerForm, parseForm, valueOf } from '../form.js';
import { SignIn } from '../session/sign-in.service.js';
import { CurrentVisit, type Visit } from '../visit.js';
import { setupPage } from './setup-page.js';
import { Setup, setupSchema } from './setup.service.js';

/** The first run: for whoever holds the link that the server has printed. */
@ByCookie()
@Controller('studio/setup')
export class StudioSetupController {
  constructor(
    private readonly setup: Setup,
    private readonly signIn: SignIn,
  ) {}

  @Get()
  @RateLimit('login')
  async form(@CurrentVisit() visit: Visit, @Query() query: FormBody): Promise<string> {
    const token = valueOf(query, 'token');
    if (token !== '') await this.setup.assertValid(token);
    else await this.setup.assertOpen();
    const { language } = visit;
    return setupPage(visit, { token, language, title: '', username: '', email: '' });
  }

  @Post()
  @RateLimit('login')
  @BodyLimit(CREDENTIALS_BODY_LIMIT)
  async complete(
    @CurrentVisit() visit: Visit,
    @CurrentClient() client: Client,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Headers('user-agent') userAgent: string = '',
    @Body() form: FormBody = {},
  ): Promise<string> {
    const token = valueOf(form, 'token').trim();
    const [title, language, username, email] = ['title', 'language', 'username', 'email'].map((name) =>
      valueOf(form, name),
    );
    return answerForm(
      { reply, visit },
      async () => {
        const typed = { title, language, username: username!.trim(), password: valueOf(form, 'password') };
        const account = parseForm(setupSchema, email === '' ? typed : { ...typed, email });
        await this.setup.complete(token, account);
        const origin = await this.signIn.originOf(account.username, client);
        void reply.header('set-cookie', await this.signIn.cookies(account, { client, origin, userAgent }));
        return '/studio/posts/new';
      },
      (errors) =>
        setupPage(
          visit,
          { token, title: title!, language: language!, username: username!, email: email! },
          errors,
        ),
    );
  }
}
