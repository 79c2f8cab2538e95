import { Global, Module } from '@nestjs/common';
import { Config } from '../../config.js';
import { Acknowledgements } from './acknowledgements.js';
import { ChangeReceiver } from './change-receiver.js';
import { Coherence } from './coherence.js';
import { CoherenceTally } from './coherence-tally.js';
import { WriteAnnouncer } from './write-announcer.js';

/** How processes on one database keep their caches no older than the last answered write (docs/coherence.md). */
@Global()
@Module({
  providers: [
    {
      provide: Coherence,
      inject: [Config],
      useFactory: ({ coherenceLeaseMs }: Config) => new Coherence(coherenceLeaseMs),
    },
    Acknowledgements,
    ChangeReceiver,
    CoherenceTally,
    WriteAnnouncer,
  ],
  exports: [Acknowledgements, ChangeReceiver, Coherence, CoherenceTally, WriteAnnouncer],
})
export class CoherenceModule {}
