import { Module } from '@nestjs/common';
import { SettingsModule } from '../../settings/settings.module.js';
import { UsersModule } from '../../users/users.module.js';
import { Setup, SetupWrites } from './setup.service.js';

/** The first run. */
@Module({
  imports: [SettingsModule, UsersModule],
  providers: [Setup, SetupWrites],
  exports: [Setup],
})
export class SetupModule {}
