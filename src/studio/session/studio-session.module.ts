import { Module } from '@nestjs/common';
import { RateLimitsModule } from '../../platform/rate-limits/rate-limits.module.js';
import { SessionsModule } from '../../sessions/sessions.module.js';
import { SettingsModule } from '../../settings/settings.module.js';
import { UsersModule } from '../../users/users.module.js';
import { StudioSetupController } from '../setup/setup.controller.js';
import { Setup, SetupWrites } from '../setup/setup.service.js';
import { StudioSessionApiController } from './session-api.controller.js';
import { StudioSessionController } from './session.controller.js';
import { SignIn } from './sign-in.service.js';
import { WaysIn } from './ways-in.service.js';

/** Signing in, and the first run. */
@Module({
  imports: [RateLimitsModule, SessionsModule, SettingsModule, UsersModule],
  controllers: [StudioSessionController, StudioSessionApiController, StudioSetupController],
  providers: [SignIn, WaysIn, Setup, SetupWrites],
  exports: [SignIn],
})
export class StudioSessionModule {}
