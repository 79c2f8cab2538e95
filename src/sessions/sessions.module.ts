import { Module } from '@nestjs/common';
import { Housekeeping } from '../platform/database/housekeeping.js';
import { BrowserSessions } from './browser-sessions.service.js';
import { RefreshTokensService } from './refresh-tokens.service.js';
import { SessionsController } from './sessions.controller.js';
import { DELETE_ENDED_SESSIONS } from './sessions.queries.js';
import { SessionsService } from './sessions.service.js';

@Module({
  controllers: [SessionsController],
  providers: [SessionsService, RefreshTokensService, BrowserSessions],
  exports: [SessionsService, RefreshTokensService, BrowserSessions],
})
export class SessionsModule {
  constructor(housekeeping: Housekeeping) {
    housekeeping.register('sessions', DELETE_ENDED_SESSIONS);
  }
}
