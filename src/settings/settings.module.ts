import { Module } from '@nestjs/common';
import { IdempotencyModule } from '../platform/idempotency/idempotency.module.js';
import { SettingsService } from './settings.service.js';
import { SiteQueries } from './site.queries.js';

/** The settings of the blog, for every role. */
@Module({
  imports: [IdempotencyModule],
  providers: [SiteQueries, SettingsService],
  exports: [SettingsService],
})
export class SettingsModule {}
