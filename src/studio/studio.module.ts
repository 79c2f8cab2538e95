import { Module } from '@nestjs/common';
import { SettingsModule } from '../settings/settings.module.js';
import { StudioAccountModule } from './account/studio-account.module.js';
import { StudioAssetsModule } from './assets/studio-assets.module.js';
import { StudioCacheModule } from './cache/studio-cache.module.js';
import { StudioCategoriesModule } from './categories/studio-categories.module.js';
import { StudioEditorModule } from './editor/studio-editor.module.js';
import { StudioPeopleModule } from './people/studio-people.module.js';
import { StudioPostsModule } from './posts/studio-posts.module.js';
import { StudioSessionModule } from './session/studio-session.module.js';
import { StudioSettingsModule } from './settings/studio-settings.module.js';
import { StudioSetupModule } from './setup/studio-setup.module.js';
import { StudioHooks } from './studio-hooks.js';
import { Uploads } from './uploads.js';
import { StudioTransferModule } from './transfer/studio-transfer.module.js';
import { StudioWebhooksModule } from './webhooks/studio-webhooks.module.js';

/** The pages that people write and run the blog with. */
@Module({
  imports: [
    SettingsModule,
    StudioAccountModule,
    StudioAssetsModule,
    StudioCacheModule,
    StudioCategoriesModule,
    StudioEditorModule,
    StudioPeopleModule,
    StudioPostsModule,
    StudioSessionModule,
    StudioSettingsModule,
    StudioSetupModule,
    StudioTransferModule,
    StudioWebhooksModule,
  ],
  providers: [StudioHooks, Uploads],
})
export class StudioModule {}
