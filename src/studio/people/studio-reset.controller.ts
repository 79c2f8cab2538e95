import { Body, Controller, Get, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ByCookie } from '../../platform/access/access.js';
import { type Client, CurrentClient } from '../../platform/access/client.js';
import { RateLimit } from '../../platform/rate-limits/rate-limit.decorator.js';
import { BodyLimit, CREDENTIALS_BODY_LIMIT } from '../../platform/server/body-limit.js';
import type { FormBody } from '../../platform/server/form-body.js';
import { passwordResetSchema, PasswordResets } from '../../users/password-resets.service.js';
import { answerForm, parseForm, valueOf } from '../form.js';
import { CurrentVisit, type Visit } from '../visit.js';
import { resetPage } from './reset-page.js';

/** For everybody who has a link to set a password. */
@ByCookie()
@Controller('studio/reset')
export class StudioResetController {
  constructor(private readonly resets: PasswordResets) {}

  @Get()
  @RateLimit('verify')
  async form(@CurrentVisit() visit: Visit, @Query() query: FormBody): Promise<string> {
    const token = valueOf(query, 'token');
    return resetPage(visit, { token, username: await this.resets.ownerOf(token) });
  }

  @Post()
  @RateLimit('verify')
  @BodyLimit(CREDENTIALS_BODY_LIMIT)
  async reset(
    @CurrentVisit() visit: Visit,
    @CurrentClient() { network }: Client,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() form: FormBody = {},
  ): Promise<string> {
    const token = valueOf(form, 'token');
    const username = await this.resets.ownerOf(token);
    const password = valueOf(form, 'password');
    return answerForm(
      { reply, visit },
      async () => {
        await this.resets.use(parseForm(passwordResetSchema, { token, password }), network);
        return '/studio/sign-in?done=password-set';
      },
      (errors) => resetPage(visit, { token, username }, errors),
    );
  }
}
