import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { ADMITS_OPERATORS, IGNORES_CREDENTIALS, REQUIRED_ROLE } from '../platform/access/access.js';
import { type Principal, type Role, ROLES } from '../platform/access/principal.js';
import { UsersDirectory } from '../users/users-directory.service.js';
import { AccessTokens } from './access-tokens.js';
import { InvalidToken, LoginRequired, RoleRequired } from './auth.problems.js';
import { bearerToken } from './bearer-token.js';
import { OperatorTokens } from './operator-tokens.js';

/**
 * Knows who asks, on every route: credentials that are sent are checked, also where none are needed. Then it asks for
 * the role that the handler asks for.
 */
@Injectable()
export class AuthenticationGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: AccessTokens,
    private readonly directory: UsersDirectory,
    private readonly operators: OperatorTokens,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const handler = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<true | undefined>(IGNORES_CREDENTIALS, handler)) return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { authorization } = request.headers;
    if (this.reflector.getAllAndOverride<true | undefined>(ADMITS_OPERATORS, handler)) {
      if (await this.isOperator(authorization)) return true;
    }
    if (authorization !== undefined) request.principal = await this.principalOf(authorization);
    const role = this.reflector.getAllAndOverride<Role | undefined>(REQUIRED_ROLE, handler);
    if (role !== undefined) assertRole(request.principal, role);
    return true;
  }

  private async isOperator(authorization: string | undefined): Promise<boolean> {
    const token = authorization === undefined ? null : bearerToken(authorization);
    return token !== null && this.operators.isValid(token);
  }

  /** The name and the role are those of now, not those of the moment the token was signed. */
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

function assertRole(principal: Principal | undefined, role: Role): void {
  if (principal === undefined) throw new LoginRequired();
  if (ROLES.indexOf(principal.role) < ROLES.indexOf(role)) throw new RoleRequired(role);
}
