import { setTimeout as sleep } from 'node:timers/promises';
import type { Coherence } from '../coherence/coherence.js';
import type { RemoteStore } from './remote-store.js';

/** For as long the others ask L2, not PostgreSQL, for what has been loaded or is being loaded. */
const CLAIM_MS = 1_000;
/** A claim whose holder died, or is slow, holds nobody up for longer. */
const MAX_WAIT_MS = 250;
const MAX_PAUSE_MS = 16;

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

  /** @param look asks L2 @returns what another process loaded, or undefined for whoever is to load it now */
  async take<T>(name: string, look: () => Promise<T | undefined>): Promise<T | undefined> {
    const giveUpAtMs = performance.now() + MAX_WAIT_MS;
    for (let pauseMs = 2; ; pauseMs = Math.min(2 * pauseMs, MAX_PAUSE_MS)) {
      if (await this.store.claim(name, CLAIM_MS)) return undefined;
      const found = await look();
      if (found !== undefined || performance.now() >= giveUpAtMs) return found;
      await sleep(pauseMs);
    }
  }

  /** Nothing came of it: the next one need not wait. */
  async drop(name: string): Promise<void> {
    await this.store.delete(name);
  }
}
