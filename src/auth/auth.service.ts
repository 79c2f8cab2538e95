import { Injectable } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { RefreshTokensService } from '../sessions/refresh-tokens.service.js';
import { type RefreshableSession, SessionsService } from '../sessions/sessions.service.js';
import { CredentialsService, type ProvenUser } from '../users/credentials.service.js';
import type { Origin } from '../users/known-devices.service.js';
import { AccessTokens } from './access-tokens.js';
import { InvalidCredentials, InvalidRefreshToken } from './auth.problems.js';
import type { Login, Tokens } from './auth.schemas.js';

/** The minimum time of a refusal. It hides the small differences in time that the same work leaves. */
const REFUSAL_FLOOR_MS = 100;

export interface OpenedSession {
  readonly userId: number;
  readonly tokens: Tokens;
}

@Injectable()
export class AuthService {
  constructor(
    private readonly credentials: CredentialsService,
    private readonly sessions: SessionsService,
    private readonly refreshTokens: RefreshTokensService,
    private readonly accessTokens: AccessTokens,
  ) {}

  /** Opens a session with tokens. @throws InvalidCredentials, RateLimited, ServiceUnavailable */
  async login(login: Login, userAgent: string, origin: Origin): Promise<OpenedSession> {
    const session = await this.opened(login, origin, (user) => this.sessions.open(user, userAgent));
    return { userId: session.userId, tokens: await this.tokensOf(session) };
  }

  /**
   * Checks the password, and opens a session of any kind.
   * @param open returns null if the password has changed since it was checked
   * @throws InvalidCredentials, RateLimited, ServiceUnavailable
   */
  async opened<Session>(
    { username, password }: Login,
    origin: Origin,
    open: (user: ProvenUser) => Promise<Session | null>,
  ): Promise<Session> {
    const startedAt = performance.now();
    const user = await this.credentials.check(username, password, origin);
    const session = user === null ? null : await open(user);
    if (session !== null) return session;
    await sleep(Math.max(0, REFUSAL_FLOOR_MS - (performance.now() - startedAt)));
    throw new InvalidCredentials(origin.accountId);
  }

  /** @throws InvalidRefreshToken */
  async refresh(refreshToken: string): Promise<Tokens> {
    const session = await this.refreshTokens.refresh(refreshToken);
    if (session === null) throw new InvalidRefreshToken();
    return this.tokensOf(session);
  }

  private async tokensOf(session: RefreshableSession): Promise<Tokens> {
    const access = await this.accessTokens.sign(session);
    return {
      status: 'success',
      token: access.token,
      token_type: 'Bearer',
      expires_in: access.expiresInSeconds,
      refresh_token: session.refreshToken,
    };
  }
}
