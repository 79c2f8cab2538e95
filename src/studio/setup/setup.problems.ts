import { Problem } from '../../platform/errors/problem.js';

export class SetupClosed extends Problem {
  constructor() {
    super({ code: 'setup.closed' });
  }
}

export class WrongSetupToken extends Problem {
  constructor() {
    super({ code: 'setup.wrong_token' });
  }
}
