import { Module } from '@nestjs/common';
import { CacheSamplesModule } from '../../platform/cache-samples/cache-samples.module.js';
import { InspectModule } from '../../platform/responses/inspect/inspect.module.js';
import { StudioCacheController } from './studio-cache.controller.js';

/** The cache page. */
@Module({ imports: [CacheSamplesModule, InspectModule], controllers: [StudioCacheController] })
export class StudioCacheModule {}
