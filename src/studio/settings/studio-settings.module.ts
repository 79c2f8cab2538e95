import { Module } from '@nestjs/common';
import { SettingsModule } from '../../settings/settings.module.js';
import { SettingsRoutesModule } from '../../settings/settings-routes.module.js';
import { StudioSettingsController } from './studio-settings.controller.js';

/** The page of the settings. */
@Module({ imports: [SettingsModule, SettingsRoutesModule], controllers: [StudioSettingsController] })
export class StudioSettingsModule {}
