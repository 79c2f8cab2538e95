import { Injectable } from '@nestjs/common';
import { SettingsService } from '../../settings/settings.service.js';
import { Setup } from '../setup/setup.service.js';

/** How people without an account get one. */
@Injectable()
export class WaysIn {
  constructor(
    private readonly setup: Setup,
    private readonly settings: SettingsService,
  ) {}

  /** @returns isNew until there is an administrator; canSignUp if everybody may sign up */
  async find(): Promise<{ readonly isNew: boolean; readonly canSignUp: boolean }> {
    const { registration } = await this.settings.current();
    return { isNew: await this.setup.isOpen(), canSignUp: registration === 'open' };
  }
}
