import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { Config } from '../config.js';
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

/** Knows who asks. In this order: a request is counted before anything is spent on it. */
const GUARDS: Provider[] = [
  AccessTokens,
  OperatorTokens,
  AuthenticationGuard,
  { provide: APP_GUARD, useExisting: RateLimitGuard },
  { provide: APP_GUARD, useExisting: AuthenticationGuard },
];

/** The guards of every route; and login, refresh and verification, where accounts are served. */
@Module({})
export class AuthModule {
  static forRole(role: Config['role']): DynamicModule {
    if (role === 'blog') return { module: AuthModule, imports: [RateLimitsModule], providers: GUARDS };
    return {
      module: AuthModule,
      imports: [RateLimitsModule, SessionsModule, UsersModule],
      controllers: [AuthController],
      providers: [...GUARDS, AuthService, loginCounter, LoginMetrics],
    };
  }
}
