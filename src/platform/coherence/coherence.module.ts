import { Global, Module } from '@nestjs/common';
import { Config } from '../../config.js';
import { Coherence } from './coherence.js';
import { HistoryGate } from './history-gate.js';

/**
 * Keeps the caches of all processes on one database no older than the last answered write (docs/coherence.md). The
 * rules, without I/O.
 */
@Global()
@Module({
  providers: [
    {
      provide: Coherence,
      inject: [Config],
      useFactory: ({ coherenceLeaseMs }: Config) => new Coherence(coherenceLeaseMs),
    },
    HistoryGate,
  ],
  exports: [Coherence, HistoryGate],
})
export class CoherenceModule {}
