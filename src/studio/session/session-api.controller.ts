import { Body, Controller, Headers, HttpCode, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { ByCookie } from '../../platform/access/access.js';
import { type Client, CurrentClient } from '../../platform/access/client.js';
import { Problem } from '../../platform/errors/problem.js';
import { RateLimit } from '../../platform/rate-limits/rate-limit.decorator.js';
import { BodyLimit, CREDENTIALS_BODY_LIMIT } from '../../platform/server/body-limit.js';
import { SignIn, signInSchema } from './sign-in.service.js';

const sameAccountSchema = z.strictObject({ ...signInSchema.shape, expected_user_id: z.int() });

/** For scripts: signs a person in again whose session has ended while a text is open. */
@ByCookie()
@Controller('studio/api/session')
export class StudioSessionApiController {
  constructor(private readonly signIn: SignIn) {}

  @Post()
  @HttpCode(204)
  @RateLimit('login')
  @BodyLimit(CREDENTIALS_BODY_LIMIT)
  async again(
    @Body({ schema: sameAccountSchema })
    { expected_user_id: expected, ...login }: z.output<typeof sameAccountSchema>,
    @CurrentClient() client: Client,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Headers('user-agent') userAgent: string = '',
  ): Promise<void> {
    const origin = await this.signIn.originOf(login.username, client);
    // User names are public, so this reveals nothing.
    if (origin.accountId !== expected) throw new Problem({ code: 'session.other_account' });
    void reply.header('set-cookie', await this.signIn.cookies(login, { client, origin, userAgent }));
  }
}
