import { Module } from '@nestjs/common';
import { IdempotencyModule } from '../platform/idempotency/idempotency.module.js';
import { SettingsController } from './settings.controller.js';
import { SettingsModule } from './settings.module.js';
import { SiteImagesController } from './site-images.controller.js';
import { SiteImages } from './site-images.service.js';

/** The routes of the settings. They belong to the blog. */
@Module({
  imports: [SettingsModule, IdempotencyModule],
  controllers: [SettingsController, SiteImagesController],
  providers: [SiteImages],
  exports: [SiteImages],
})
export class SettingsRoutesModule {}
