import { type CanActivate, Injectable } from '@nestjs/common';
import { SettingsService } from '../settings/settings.service.js';
import { RegistrationClosed } from './users.problems.js';

/** Refuses every registration while it is closed, before the body is validated. */
@Injectable()
export class RegistrationGuard implements CanActivate {
  constructor(private readonly settings: SettingsService) {}

  async canActivate(): Promise<boolean> {
    const { registration } = await this.settings.current();
    if (registration === 'closed') throw new RegistrationClosed();
    return true;
  }
}
