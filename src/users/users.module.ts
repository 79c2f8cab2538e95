import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { IdempotencyModule } from '../platform/idempotency/idempotency.module.js';
import { PasswordsModule } from '../platform/passwords/passwords.module.js';
import { RateLimitsModule } from '../platform/rate-limits/rate-limits.module.js';
import { SettingsModule } from '../settings/settings.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { AccountChangesService } from './account-changes.service.js';
import { Housekeeping } from '../platform/database/housekeeping.js';
import { CredentialsService } from './credentials.service.js';
import { AccountRemovalService } from './account-removal.service.js';
import { AccountConflicts } from './account-conflicts.service.js';
import { FailedLogins } from './failed-logins.service.js';
import { DELETE_OLD_NETWORKS, KnownDevices } from './known-devices.service.js';
import { NewPasswords } from './new-passwords.service.js';
import { DELETE_OLD_RESETS, PasswordResets } from './password-resets.service.js';
import { PeopleService } from './people.service.js';
import { RegistrationController } from './registration.controller.js';
import { RegistrationService } from './registration.service.js';
import { User } from './user.entity.js';
import { UsersController } from './users.controller.js';
import { UserQueries } from './users.queries.js';
import { UsersService } from './users.service.js';

@Module({
  imports: [
    TypeOrmModule.forFeature([User]),
    IdempotencyModule,
    PasswordsModule,
    RateLimitsModule,
    SessionsModule,
    SettingsModule,
  ],
  controllers: [RegistrationController, UsersController],
  providers: [
    ...[UsersService, CredentialsService, RegistrationService, AccountChangesService, UserQueries],
    ...[FailedLogins, KnownDevices, AccountConflicts, AccountRemovalService, NewPasswords],
    ...[PeopleService, PasswordResets],
  ],
  exports: [
    UsersService,
    CredentialsService,
    KnownDevices,
    RegistrationService,
    AccountChangesService,
    AccountRemovalService,
    PeopleService,
    PasswordResets,
  ],
})
export class UsersModule {
  constructor(housekeeping: Housekeeping) {
    housekeeping.register('known networks', DELETE_OLD_NETWORKS);
    housekeeping.register('password resets', DELETE_OLD_RESETS);
  }
}
