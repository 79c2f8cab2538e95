import { Problem } from '../platform/errors/problem.js';

export class SessionNotFound extends Problem {
  constructor() {
    super({
      status: 404,
      code: 'session.not_found',
      title: 'There is no such session',
      detail: 'You have no session with this id, or it was revoked before.',
    });
  }
}
