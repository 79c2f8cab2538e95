import { Module } from '@nestjs/common';
import { StudioAccountModule } from './account/studio-account.module.js';
import { StudioCacheModule } from './cache/studio-cache.module.js';
import { StudioCategoriesModule } from './categories/studio-categories.module.js';
import { StudioEditorModule } from './editor/studio-editor.module.js';
import { StudioPeopleModule } from './people/studio-people.module.js';
import { StudioSessionModule } from './session/studio-session.module.js';
import { StudioWebhooksModule } from './webhooks/studio-webhooks.module.js';
import { StudioHooks } from './studio-hooks.js';

/** The pages that people write and run the blog with. */
@Module({
  imports: [
    StudioAccountModule,
    StudioCacheModule,
    StudioCategoriesModule,
    StudioEditorModule,
    StudioPeopleModule,
    StudioSessionModule,
    StudioWebhooksModule,
  ],
  providers: [StudioHooks],
})
export class StudioModule {}
