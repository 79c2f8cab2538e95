import { Module } from '@nestjs/common';
import { StudioSessionModule } from '../session/studio-session.module.js';
import { StudioSetupController } from './setup.controller.js';
import { SetupModule } from './setup.module.js';

/** The page of the first run, which signs the administrator in. */
@Module({ imports: [SetupModule, StudioSessionModule], controllers: [StudioSetupController] })
export class StudioSetupModule {}
