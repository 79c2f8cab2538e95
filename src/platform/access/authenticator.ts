import type { FastifyRequest } from 'fastify';
import type { Role } from './principal.js';

/** `WWW-Authenticate` of a 401 (RFC 6750 §3). */
export const BEARER_CHALLENGE = 'Bearer realm="inkwell"';
export const INVALID_TOKEN_CHALLENGE = `${BEARER_CHALLENGE}, error="invalid_token"`;

/** The credentials that a handler accepts: an access token, the cookie of a browser session, or none. */
export type Credentials = 'token' | 'cookie' | 'none';

/** The access rule of a handler. */
export interface AccessRule {
  /** Undefined on public handlers. */
  readonly role: Role | undefined;
  readonly admitsOperators: boolean;
  readonly credentials: Credentials;
}

/** Authenticates requests. */
export abstract class Authenticator {
  /** Sets `request.principal`. @throws a 401 or 403 if the caller may not send this request */
  abstract admit(request: FastifyRequest, rule: AccessRule): Promise<void>;
}
