import { Global, Module } from '@nestjs/common';
import { RequestAdmission } from '../../admission/request-admission.js';
import { CacheTally } from '../../cache/cache-tally.js';
import { Lifecycle } from '../../lifecycle/lifecycle.js';
import { ResponseCache } from '../response-cache.js';
import { FrontDoorMetrics } from './front-door-metrics.js';
import { FrontDoor } from './front-door.js';

/** Answers requests before the router where possible. */
@Global()
@Module({
  providers: [
    FrontDoorMetrics,
    {
      provide: FrontDoor,
      inject: [ResponseCache, CacheTally, Lifecycle, RequestAdmission],
      useFactory: (...parts: ConstructorParameters<typeof FrontDoor>) => new FrontDoor(...parts),
    },
  ],
  exports: [FrontDoor],
})
export class FrontDoorModule {}
