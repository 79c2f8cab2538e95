import { Module } from '@nestjs/common';
import { SettingsController } from './settings.controller.js';
import { SettingsModule } from './settings.module.js';

/** The routes of the settings. They belong to the blog. */
@Module({ imports: [SettingsModule], controllers: [SettingsController] })
export class SettingsRoutesModule {}
