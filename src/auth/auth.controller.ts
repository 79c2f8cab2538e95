import { Body, Controller, Get, Headers, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { type Client, CurrentClient } from '../platform/access/client.js';
import { CurrentPrincipal, RequiresLogin } from '../platform/access/access.js';
import type { Principal } from '../platform/access/principal.js';
import { AnswersWith } from '../platform/openapi/documents.js';
import { RateLimit } from '../platform/rate-limits/rate-limit.decorator.js';
import { BodyLimit, CREDENTIALS_BODY_LIMIT } from '../platform/server/body-limit.js';
import {
  type Login,
  loginSchema,
  type Refresh,
  refreshSchema,
  type Tokens,
  tokensSchema,
  type Verification,
  verificationSchema,
} from './auth.schemas.js';
import { KnownDevices } from '../users/known-devices.service.js';
import { AuthService } from './auth.service.js';
import { LoginMetrics } from './login-metrics.service.js';

@Controller('api')
export class AuthController {
  constructor(
    private readonly auth: AuthService,
    private readonly metrics: LoginMetrics,
    private readonly devices: KnownDevices,
  ) {}

  /** Opens a session: an access token for ten minutes, and a refresh token for the next one. */
  @Post('login')
  @RateLimit('login')
  @BodyLimit(CREDENTIALS_BODY_LIMIT)
  @AnswersWith(200, tokensSchema)
  async login(
    @Body({ schema: loginSchema }) body: Login,
    @CurrentClient() client: Client,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Headers('user-agent') userAgent: string = '',
  ): Promise<Tokens> {
    const origin = await this.devices.originOf(body.username, client);
    const { userId, tokens } = await this.metrics.count(this.auth.login(body, userAgent, origin));
    void reply.header('set-cookie', await this.devices.remember(userId, client, '/api/login'));
    return tokens;
  }

  /** Exchanges a refresh token. Each is valid once; used again within ten seconds, it returns the same successor. */
  @Post('refresh')
  @BodyLimit(CREDENTIALS_BODY_LIMIT)
  @AnswersWith(200, tokensSchema)
  refresh(@Body({ schema: refreshSchema }) body: Refresh): Promise<Tokens> {
    return this.auth.refresh(body.refresh_token);
  }

  /** The owner of this access token, and when it expires. */
  @Get('verify')
  @RateLimit('verify')
  @RequiresLogin()
  @AnswersWith(200, verificationSchema)
  verify(@CurrentPrincipal() me: Principal): Verification {
    return {
      status: 'success',
      data: { user_id: me.userId, username: me.username, exp: me.expiresAt },
    };
  }
}
