import { Body, Controller, Get, Headers, Post, Res, UseGuards } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ByCookie } from '../../platform/access/access.js';
import { type Client, CurrentClient } from '../../platform/access/client.js';
import { RateLimit } from '../../platform/rate-limits/rate-limit.decorator.js';
import { BodyLimit, CREDENTIALS_BODY_LIMIT } from '../../platform/server/body-limit.js';
import type { FormBody } from '../../platform/server/form-body.js';
import { RegistrationGuard } from '../../users/registration.guard.js';
import { registrationSchema, RegistrationService } from '../../users/registration.service.js';
import { answerForm, parseForm, valueOf } from '../form.js';
import { SignIn } from '../session/sign-in.service.js';
import { CurrentVisit, type Visit } from '../visit.js';
import { signUpPage } from './sign-up-page.js';

/** Accounts for everybody, while registration is open. */
@ByCookie()
@UseGuards(RegistrationGuard)
@Controller('studio/sign-up')
export class StudioSignUpController {
  constructor(
    private readonly registration: RegistrationService,
    private readonly signIn: SignIn,
  ) {}

  @Get()
  form(@CurrentVisit() visit: Visit): string {
    return signUpPage(visit, { username: '', email: '' });
  }

  @Post()
  @RateLimit('register')
  @BodyLimit(CREDENTIALS_BODY_LIMIT)
  signUp(
    @CurrentVisit() visit: Visit,
    @CurrentClient() client: Client,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Headers('user-agent') userAgent: string = '',
    @Body() form: FormBody = {},
  ): Promise<string> {
    const typed = { username: valueOf(form, 'username'), email: valueOf(form, 'email') };
    return answerForm(
      { reply, visit },
      async () => {
        const account = parseForm(registrationSchema, { ...typed, password: valueOf(form, 'password') });
        await this.registration.register(account, client.network);
        const origin = await this.signIn.originOf(account.username, client);
        void reply.header('set-cookie', await this.signIn.cookies(account, { client, origin, userAgent }));
        return '/studio/posts';
      },
      (errors) => signUpPage(visit, typed, errors),
    );
  }
}
