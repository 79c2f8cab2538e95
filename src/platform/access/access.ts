import { applyDecorators, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Documents } from '../openapi/documents.js';
import type { Principal, Role } from './principal.js';

/** The least role a handler asks for; absent on public handlers. */
export const REQUIRED_ROLE = 'inkwell:required-role';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the authentication guard when the request carried valid credentials. */
    principal?: Principal;
  }
}

/** Answers 401 without valid credentials. */
export const RequiresLogin = (): MethodDecorator & ClassDecorator =>
  applyDecorators(SetMetadata(REQUIRED_ROLE, 'reader' satisfies Role), Documents({ isProtected: true }));

/** Answers 401 without valid credentials and 403 below the role: reader < author < admin. */
export const RequiresRole = (role: Role): MethodDecorator & ClassDecorator =>
  applyDecorators(
    SetMetadata(REQUIRED_ROLE, role),
    Documents({ isProtected: true, answers: [{ status: 403 }] }),
  );

/** True on handlers that an operator may use: who runs commands beside the server and holds its AUTH_SECRET. */
export const ADMITS_OPERATORS = 'inkwell:admits-operators';

/** As RequiresRole, and operators may use it too. They are no users: there is no principal then. */
export const RequiresOperatorOrRole = (role: Role): MethodDecorator & ClassDecorator =>
  applyDecorators(SetMetadata(ADMITS_OPERATORS, true), RequiresRole(role));

/** True on handlers whose answer depends on nobody. */
export const IGNORES_CREDENTIALS = 'inkwell:ignores-credentials';

/** Credentials are not even looked at: for what machines ask, which must not depend on the database. */
export const IgnoresCredentials = (): MethodDecorator & ClassDecorator =>
  SetMetadata(IGNORES_CREDENTIALS, true);

/** What CurrentPrincipal gives. */
export const principalOf = (_: unknown, context: ExecutionContext): Principal | undefined =>
  context.switchToHttp().getRequest<FastifyRequest>().principal;

/** The caller; undefined on public handlers when the request carried no credentials. */
export const CurrentPrincipal = createParamDecorator(principalOf);
