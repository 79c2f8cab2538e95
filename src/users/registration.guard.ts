import { type CanActivate, Injectable } from '@nestjs/common';
import { Config } from '../config.js';
import { RegistrationClosed } from './users.problems.js';

/** Refuses every registration with `REGISTRATION=closed`, before the body is validated. */
@Injectable()
export class RegistrationGuard implements CanActivate {
  constructor(private readonly config: Config) {}

  canActivate(): boolean {
    if (this.config.registration === 'closed') throw new RegistrationClosed();
    return true;
  }
}
