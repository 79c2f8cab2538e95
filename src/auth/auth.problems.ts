import type { Role } from '../platform/access/principal.js';
import { Problem } from '../platform/errors/problem.js';

const CHALLENGE = 'Bearer realm="inkwell"';

/** 401: the handler asks for credentials, and there were none. */
export class LoginRequired extends Problem {
  constructor() {
    super({
      status: 401,
      code: 'auth.required',
      title: 'Log in first',
      detail: 'This needs an access token: Authorization: Bearer <token>.',
      headers: { 'www-authenticate': CHALLENGE },
    });
  }
}

/** 401: there were credentials, and they are no good. One answer whatever is wrong with them. */
export class InvalidToken extends Problem {
  constructor(cause?: unknown) {
    super({
      status: 401,
      code: 'auth.invalid_token',
      title: 'The access token is not valid',
      detail: 'The access token is malformed, has expired or was revoked.',
      headers: { 'www-authenticate': `${CHALLENGE}, error="invalid_token"` },
      cause,
    });
  }
}

/** 401: one answer for an unknown name, an account without a password and a wrong password. */
export class InvalidCredentials extends Problem {
  constructor() {
    super({
      status: 401,
      code: 'auth.invalid_credentials',
      title: 'The user name or the password is wrong',
      detail: 'No account has this user name and this password.',
      headers: { 'www-authenticate': CHALLENGE },
    });
  }
}

export class InvalidRefreshToken extends Problem {
  constructor() {
    super({
      status: 401,
      code: 'auth.invalid_refresh_token',
      title: 'The refresh token is not valid',
      detail: 'The session has ended. Log in again.',
      headers: { 'www-authenticate': CHALLENGE },
    });
  }
}

export class RoleRequired extends Problem {
  constructor(role: Role) {
    super({
      status: 403,
      code: 'auth.forbidden',
      title: 'Your role does not allow this',
      detail: `This needs the role ${role}.`,
    });
  }
}
