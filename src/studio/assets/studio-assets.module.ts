import { Module } from '@nestjs/common';
import { StudioAssetsController } from './studio-assets.controller.js';

@Module({ controllers: [StudioAssetsController] })
export class StudioAssetsModule {}
