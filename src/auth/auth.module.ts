import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import type { Config } from '../config.js';
import { Authenticator } from '../platform/access/authenticator.js';
import { RateLimitsModule } from '../platform/rate-limits/rate-limits.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { UsersModule } from '../users/users.module.js';
import { AccessTokens } from './access-tokens.js';
import { AuthController } from './auth.controller.js';
import { AuthService } from './auth.service.js';
import { AuthenticationService } from './authentication.service.js';
import { OperatorTokens } from './operator-tokens.js';
import { loginCounter, LoginMetrics } from './login-metrics.service.js';

/** Authenticates requests before their body is read. */
const AUTHENTICATION: Provider[] = [
  AccessTokens,
  OperatorTokens,
  AuthenticationService,
  { provide: Authenticator, useExisting: AuthenticationService },
];

/** Authentication on every route. Where accounts are served, also login, refresh and verification. */
@Module({})
export class AuthModule {
  static forRole(role: Config['role']): DynamicModule {
    if (role === 'blog')
      return { module: AuthModule, imports: [RateLimitsModule], providers: AUTHENTICATION };
    return {
      module: AuthModule,
      global: true,
      imports: [RateLimitsModule, SessionsModule, UsersModule],
      controllers: [AuthController],
      providers: [...AUTHENTICATION, AuthService, loginCounter, LoginMetrics],
      exports: [AuthService, LoginMetrics],
    };
  }
}
