import { applyDecorators, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Documents } from '../openapi/documents.js';
import type { Credentials } from './authenticator.js';
import type { Principal, Role } from './principal.js';

/** The minimum role for a handler. Absent on public handlers. */
export const REQUIRED_ROLE = 'inkwell:required-role';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the Authenticator if the request has valid credentials. */
    principal?: Principal;
  }
}

/** Answers 401 without valid credentials. */
export const RequiresLogin = (): MethodDecorator & ClassDecorator =>
  applyDecorators(SetMetadata(REQUIRED_ROLE, 'reader' satisfies Role), Documents({ isProtected: true }));

/** Answers 401 without valid credentials, and 403 below the role: reader < author < admin. */
export const RequiresRole = (role: Role): MethodDecorator & ClassDecorator =>
  applyDecorators(
    SetMetadata(REQUIRED_ROLE, role),
    Documents({ isProtected: true, answers: [{ status: 403 }] }),
  );

/** Marks handlers that operators may use. An operator runs commands next to the server and holds its AUTH_SECRET. */
export const ADMITS_OPERATORS = 'inkwell:admits-operators';

/** Like RequiresRole, but operators may use the handler too. An operator is not a user, so there is no principal. */
export const RequiresOperatorOrRole = (role: Role): MethodDecorator & ClassDecorator =>
  applyDecorators(SetMetadata(ADMITS_OPERATORS, true), RequiresRole(role));

/** The metadata key of the credentials that a handler accepts. */
export const CREDENTIALS = 'inkwell:credentials';

/** Ignores credentials. For probes and scrapes, which must not depend on the database. */
export const IgnoresCredentials = (): MethodDecorator & ClassDecorator =>
  SetMetadata(CREDENTIALS, 'none' satisfies Credentials);

/**
 * The session cookie of a browser authenticates, and a bearer token does not. For the Studio. No other handler reads
 * the cookie.
 */
export const ByCookie = (): MethodDecorator & ClassDecorator =>
  applyDecorators(SetMetadata(CREDENTIALS, 'cookie' satisfies Credentials), Documents({ isHidden: true }));

/** The value of CurrentPrincipal. */
export const principalOf = (_: unknown, context: ExecutionContext): Principal | undefined =>
  context.switchToHttp().getRequest<FastifyRequest>().principal;

/** The caller. Undefined on public handlers if the request has no credentials. */
export const CurrentPrincipal = createParamDecorator(principalOf);
