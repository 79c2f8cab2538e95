import { Module } from '@nestjs/common';
import { SessionsModule } from '../../sessions/sessions.module.js';
import { UsersModule } from '../../users/users.module.js';
import { StudioAccountsController } from './studio-accounts.controller.js';
import { StudioPeopleController } from './studio-people.controller.js';
import { StudioResetController } from './studio-reset.controller.js';

/** The pages of people, and the one that sets a password. */
@Module({
  imports: [SessionsModule, UsersModule],
  controllers: [StudioPeopleController, StudioAccountsController, StudioResetController],
})
export class StudioPeopleModule {}
