import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { PasswordsModule } from '../platform/passwords/passwords.module.js';
import { RateLimitsModule } from '../platform/rate-limits/rate-limits.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { AccountChangesService } from './account-changes.service.js';
import { CredentialsService } from './credentials.service.js';
import { RegistrationController } from './registration.controller.js';
import { RegistrationService } from './registration.service.js';
import { User } from './user.entity.js';
import { UsersController } from './users.controller.js';
import { UserQueries } from './users.queries.js';
import { UsersService } from './users.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([User]), PasswordsModule, RateLimitsModule, SessionsModule],
  controllers: [RegistrationController, UsersController],
  providers: [UsersService, CredentialsService, RegistrationService, AccountChangesService, UserQueries],
  exports: [UsersService, CredentialsService],
})
export class UsersModule {}
