import { Module } from '@nestjs/common';
import { SessionsModule } from '../../sessions/sessions.module.js';
import { SettingsModule } from '../../settings/settings.module.js';
import { UsersModule } from '../../users/users.module.js';
import { StudioSessionModule } from '../session/studio-session.module.js';
import { StudioAccountController } from './account.controller.js';
import { StudioOwnSessionsController } from './own-sessions.controller.js';
import { StudioSignUpController } from './sign-up.controller.js';

@Module({
  imports: [SessionsModule, SettingsModule, UsersModule, StudioSessionModule],
  controllers: [StudioAccountController, StudioOwnSessionsController, StudioSignUpController],
})
export class StudioAccountModule {}
