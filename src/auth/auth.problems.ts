import { BEARER_CHALLENGE, INVALID_TOKEN_CHALLENGE } from '../platform/access/authenticator.js';
import type { Role } from '../platform/access/principal.js';
import { Problem, type Refusal } from '../platform/errors/problem.js';

/** 401: the handler requires credentials, and the request has none. */
export class LoginRequired extends Problem {
  constructor() {
    super({
      code: 'auth.required',
      headers: { 'www-authenticate': BEARER_CHALLENGE },
    });
  }
}

/** 401: the credentials are invalid. The answer does not tell why. */
export class InvalidToken extends Problem {
  constructor(cause?: unknown) {
    super({
      code: 'auth.invalid_token',
      headers: { 'www-authenticate': INVALID_TOKEN_CHALLENGE },
      cause,
    });
  }
}

/** 401: the same answer for an unknown name, an account without a password and a wrong password. */
export class InvalidCredentials extends Problem {
  override readonly refusal: Refusal;

  /** @param accountId for the log only */
  constructor(accountId?: number) {
    super({
      code: 'auth.invalid_credentials',
      headers: { 'www-authenticate': BEARER_CHALLENGE },
    });
    this.refusal = { message: 'Login refused', account_id: accountId };
  }
}

export class InvalidRefreshToken extends Problem {
  constructor() {
    super({
      code: 'auth.invalid_refresh_token',
      headers: { 'www-authenticate': BEARER_CHALLENGE },
    });
  }
}

export class RoleRequired extends Problem {
  constructor(role: Role) {
    super({
      code: 'auth.forbidden',
      detail: `This requires the role ${role}.`,
    });
  }
}
