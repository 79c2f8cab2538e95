import { setTimeout as sleep } from 'node:timers/promises';
import type { Coherence } from '../coherence/coherence.js';
import type { RemoteStore } from './remote-store.js';

/** For as long the others ask L2, not PostgreSQL, for what has been loaded or is being loaded. */
const CLAIM_MS = 1_000;
/** A claim whose holder died, or is slow, holds nobody up for longer. */
const MAX_WAIT_MS = 250;
const MAX_PAUSE_MS = 16;

type Taken<T> = { readonly found: T } | { readonly claim: string };

/**
 * After a change one process loads a key, and the others take it from L2 ("Scaling Memcache at Facebook", NSDI 2013). A claim
 * is named after the change, so that a load from before it holds up nobody who asks after it.
 */
export class FillClaims {
  constructor(
    private readonly store: RemoteStore,
    private readonly coherence: Coherence,
  ) {}

  /** Alone there is nobody to wait for; without a lease nothing of L2 is believed. */
  get areNeeded(): boolean {
    return this.coherence.isUsable && this.coherence.replicas > 1;
  }

  /**
   * @param nameOf asked each time: of what another process loaded, a later change may have made nothing
   * @param look asks L2
   * @returns what another process loaded, or the claim of whoever is to load it now
   */
  async take<T>(nameOf: () => string, look: () => Promise<T | undefined>): Promise<Taken<T>> {
    const giveUpAtMs = performance.now() + MAX_WAIT_MS;
    for (let pauseMs = 2; ; pauseMs = Math.min(2 * pauseMs, MAX_PAUSE_MS)) {
      const claim = nameOf();
      if (await this.store.claim(claim, CLAIM_MS)) return { claim };
      const found = await look();
      if (found !== undefined) return { found };
      if (performance.now() >= giveUpAtMs) return { claim };
      await sleep(pauseMs);
    }
  }

  /** Nothing came of it: the next one need not wait. */
  async drop(name: string): Promise<void> {
    await this.store.delete(name);
  }
}
