import { Module } from '@nestjs/common';
import { RateLimitsModule } from '../platform/rate-limits/rate-limits.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { UsersModule } from '../users/users.module.js';
import { StudioCacheModule } from './cache/studio-cache.module.js';
import { StudioCategoriesModule } from './categories/studio-categories.module.js';
import { StudioPeopleModule } from './people/studio-people.module.js';
import { StudioSessionApiController } from './session/session-api.controller.js';
import { StudioSessionController } from './session/session.controller.js';
import { SignIn } from './session/sign-in.service.js';
import { StudioHooks } from './studio-hooks.js';

/** The pages that people write and run the blog with. */
@Module({
  imports: [
    RateLimitsModule,
    SessionsModule,
    UsersModule,
    StudioCacheModule,
    StudioCategoriesModule,
    StudioPeopleModule,
  ],
  controllers: [StudioSessionController, StudioSessionApiController],
  providers: [StudioHooks, SignIn],
})
export class StudioModule {}
