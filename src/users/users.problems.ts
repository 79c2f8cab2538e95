import { type Absence, Problem } from '../platform/errors/problem.js';

/** The same answer for both, so that it does not reveal whose e-mail addresses are registered. */
export class UserTaken extends Problem {
  constructor() {
    super({
      code: 'user.taken',
    });
  }
}

export class RegistrationClosed extends Problem {
  constructor() {
    super({
      code: 'registration.closed',
    });
  }
}

export class UserNotFound extends Problem {
  /** @param absence set for public reads, so that the 404 can be cached until the user exists */
  constructor(absence?: Absence) {
    super({
      code: 'user.not_found',
      ...(absence === undefined ? {} : { absence }),
    });
  }
}

export class NotYourAccount extends Problem {
  constructor() {
    super({
      code: 'user.not_yours',
    });
  }
}

/** Nobody could manage the blog any more. */
export class LastAdministrator extends Problem {
  constructor() {
    super({ code: 'user.last_administrator' });
  }
}

/** It was used, has expired, or was replaced by another. */
export class ResetLinkInvalid extends Problem {
  constructor() {
    super({ code: 'user.reset_link_invalid' });
  }
}

export class WrongPassword extends Problem {
  override readonly refusal = { message: 'Current password refused' };

  constructor() {
    super({
      code: 'user.wrong_password',
      errors: [{ pointer: '/current_password', detail: 'is wrong' }],
    });
  }
}
