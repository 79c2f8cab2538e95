import { Problem } from '../platform/errors/problem.js';

export class SessionNotFound extends Problem {
  constructor() {
    super({
      code: 'session.not_found',
    });
  }
}
