import { Body, Controller, Get, Headers, Post } from '@nestjs/common';
import { CurrentPrincipal, RequiresLogin } from '../platform/access/access.js';
import type { Principal } from '../platform/access/principal.js';
import { AnswersWith } from '../platform/answers/answers-with.js';
import { RateLimit } from '../platform/rate-limits/rate-limit.guard.js';
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
import { AuthService } from './auth.service.js';
import { LoginMetrics } from './login-metrics.js';

@Controller('api')
export class AuthController {
  constructor(
    private readonly auth: AuthService,
    private readonly metrics: LoginMetrics,
  ) {}

  /** Opens a session: an access token of ten minutes, and a refresh token for the next one. */
  @Post('login')
  @RateLimit('login')
  @AnswersWith(200, tokensSchema)
  login(
    @Body({ schema: loginSchema }) body: Login,
    @Headers('user-agent') userAgent: string = '',
  ): Promise<Tokens> {
    return this.metrics.count(this.auth.login(body, userAgent));
  }

  /** Exchanges a refresh token. Each is good once; shown again within ten seconds, it gives the same successor. */
  @Post('refresh')
  @AnswersWith(200, tokensSchema)
  refresh(@Body({ schema: refreshSchema }) body: Refresh): Promise<Tokens> {
    return this.auth.refresh(body.refresh_token);
  }

  /** Whose access token this is, and until when. */
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
