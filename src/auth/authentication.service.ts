import { Injectable, Optional } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { AccessRule, Authenticator } from '../platform/access/authenticator.js';
import { clientOf } from '../platform/access/client.js';
import { type Principal, type Role, ROLES } from '../platform/access/principal.js';
import { BrowserSessions } from '../sessions/browser-sessions.service.js';
import { UsersDirectory } from '../users/users-directory.service.js';
import { AccessTokens } from './access-tokens.js';
import { InvalidToken, LoginRequired, RoleRequired } from './auth.problems.js';
import { bearerToken } from './bearer-token.js';
import { OperatorTokens } from './operator-tokens.js';

/**
 * Authenticates requests on every route. Credentials are checked even where none are needed. Then checks the role that
 * the handler requires.
 */
@Injectable()
export class AuthenticationService implements Authenticator {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly directory: UsersDirectory,
    private readonly operators: OperatorTokens,
    @Optional() private readonly browsers?: BrowserSessions,
  ) {}

  async admit(request: FastifyRequest, { role, admitsOperators, credentials }: AccessRule): Promise<void> {
    if (credentials === 'none') return;
    if (credentials === 'cookie') {
      const principal = await this.browsers?.find(clientOf(request));
      if (principal !== undefined && isExpected(principal, request)) request.principal = principal;
      if (role !== undefined) assertRole(request.principal, role);
      return;
    }
    const { authorization } = request.headers;
    if (admitsOperators && (await this.isOperator(authorization))) return;
    if (authorization !== undefined) request.principal = await this.principalOf(authorization);
    if (role !== undefined) assertRole(request.principal, role);
  }

  private async isOperator(authorization: string | undefined): Promise<boolean> {
    const token = authorization === undefined ? null : bearerToken(authorization);
    return token !== null && this.operators.isValid(token);
  }

  /** The name and the role come from the session, so they are current even if the token is older. */
  private async principalOf(authorization: string): Promise<Principal> {
    const token = bearerToken(authorization);
    if (token === null) throw new InvalidToken();
    const { sessionId, expiresAt } = await this.tokens.verify(token);
    const session = await this.directory.session(sessionId);
    if (session === null) throw new InvalidToken();
    return {
      userId: session.user_id,
      username: session.username,
      role: session.role,
      sessionId,
      expiresAt,
    };
  }
}

/** A text that is open in a tab belongs to one account, while another may have signed in to the browser since. */
const EXPECTED_ACCOUNT = 'x-studio-account';

const isExpected = ({ userId }: Principal, { headers }: FastifyRequest): boolean =>
  [undefined, String(userId)].includes(headers[EXPECTED_ACCOUNT] as string | undefined);

function assertRole(principal: Principal | undefined, role: Role): void {
  if (principal === undefined) throw new LoginRequired();
  if (ROLES.indexOf(principal.role) < ROLES.indexOf(role)) throw new RoleRequired(role);
}
