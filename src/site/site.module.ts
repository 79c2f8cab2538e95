import { Module } from '@nestjs/common';
import { BlogModule } from '../blog/blog.module.js';
import { SettingsModule } from '../settings/settings.module.js';
import { FormerAddresses } from './former-addresses.js';
import { PageHooks } from './page-hooks.js';
import { PreviewController } from './preview.controller.js';
import { SiteController } from './site.controller.js';
import { SiteService } from './site.service.js';

@Module({
  imports: [BlogModule, SettingsModule],
  controllers: [SiteController, PreviewController],
  providers: [SiteService, FormerAddresses, PageHooks],
})
export class SiteModule {}
