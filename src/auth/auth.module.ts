import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { RateLimitGuard } from '../platform/rate-limits/rate-limit.guard.js';
import { RateLimitsModule } from '../platform/rate-limits/rate-limits.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { UsersModule } from '../users/users.module.js';
import { AccessTokens } from './access-tokens.js';
import { AuthController } from './auth.controller.js';
import { AuthService } from './auth.service.js';
import { AuthenticationGuard } from './authentication.guard.js';
import { OperatorTokens } from './operator-tokens.js';
import { loginCounter, LoginMetrics } from './login-metrics.js';

/** Login, refresh and verification, and the guards of every route. */
@Module({
  imports: [RateLimitsModule, SessionsModule, UsersModule],
  controllers: [AuthController],
  providers: [
    AuthService,
    AccessTokens,
    OperatorTokens,
    loginCounter,
    LoginMetrics,
    AuthenticationGuard,
    // In this order: a request is counted before anything is spent on it.
    { provide: APP_GUARD, useExisting: RateLimitGuard },
    { provide: APP_GUARD, useExisting: AuthenticationGuard },
  ],
})
export class AuthModule {}
