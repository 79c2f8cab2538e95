import { Module } from '@nestjs/common';
import { RateLimitsModule } from '../../platform/rate-limits/rate-limits.module.js';
import { SessionsModule } from '../../sessions/sessions.module.js';
import { SettingsModule } from '../../settings/settings.module.js';
import { UsersModule } from '../../users/users.module.js';
import { SetupModule } from '../setup/setup.module.js';
import { StudioSessionApiController } from './session-api.controller.js';
import { StudioSessionController } from './session.controller.js';
import { SignIn } from './sign-in.service.js';
import { WaysIn } from './ways-in.service.js';

/** Signing in and out. */
@Module({
  imports: [RateLimitsModule, SessionsModule, SettingsModule, SetupModule, UsersModule],
  controllers: [StudioSessionController, StudioSessionApiController],
  providers: [SignIn, WaysIn],
  exports: [SignIn],
})
export class StudioSessionModule {}
