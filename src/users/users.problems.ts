import { type Absence, Problem } from '../platform/errors/problem.js';

/** One answer for both, so that nobody learns whose e-mail addresses are registered. */
export class UserTaken extends Problem {
  constructor() {
    super({
      status: 409,
      code: 'user.taken',
      title: 'The user name or e-mail address is taken',
      detail: 'Somebody has this user name or this e-mail address already.',
    });
  }
}

export class UserNotFound extends Problem {
  /** @param absence of a public read, so that its 404 can be cached until the user appears */
  constructor(absence?: Absence) {
    super({
      status: 404,
      code: 'user.not_found',
      title: 'There is no such user',
      detail: 'No account has this id or user name.',
      ...(absence === undefined ? {} : { absence }),
    });
  }
}

export class NotYourAccount extends Problem {
  constructor() {
    super({
      status: 403,
      code: 'user.not_yours',
      title: 'This is not your account',
      detail: 'Only the user and admins may change an account.',
    });
  }
}

export class WrongPassword extends Problem {
  constructor() {
    super({
      status: 403,
      code: 'user.wrong_password',
      title: 'The current password is wrong',
      detail: 'To change your password, send the one you have now as current_password.',
      errors: [{ pointer: '/current_password', detail: 'is wrong' }],
    });
  }
}
