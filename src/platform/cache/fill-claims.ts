import { setTimeout as sleep } from 'node:timers/promises';
import type { Coherence } from '../coherence/coherence.js';
import type { RemoteStore } from './redis-store.js';

/** How long a claim lasts. Meanwhile the other replicas read the entry from L2 instead of PostgreSQL. */
const CLAIM_MS = 1_000;
/** The longest wait for another replica's load, in case that replica is slow or has died. */
const MAX_WAIT_MS = 250;
const MAX_PAUSE_MS = 16;

type ClaimResult<T> = { readonly found: T } | { readonly claim: string };

/**
 * After a change, one replica loads a key and the others wait to read it from L2 ("Scaling Memcache at Facebook", NSDI
 * 2013). A claim is named after the change, so that a load from before the change does not delay one from after it.
 */
export class FillClaims {
  constructor(
    private readonly store: RemoteStore,
    private readonly coherence: Coherence,
  ) {}

  /** A replica that is alone has nobody to wait for. Without a lease it may not use L2. */
  get areNeeded(): boolean {
    return this.coherence.isUsable && this.coherence.replicas > 1;
  }

  /**
   * @param claimName called on each attempt, because a later change gives the claim another name
   * @param lookUp reads L2
   * @returns the entry that another replica loaded, or the claim with which the caller loads it
   */
  async take<T>(claimName: () => string, lookUp: () => Promise<T | undefined>): Promise<ClaimResult<T>> {
    const giveUpAtMs = performance.now() + MAX_WAIT_MS;
    for (let pauseMs = 2; ; pauseMs = Math.min(2 * pauseMs, MAX_PAUSE_MS)) {
      const claim = claimName();
      if (await this.store.claim(claim, CLAIM_MS)) return { claim };
      const found = await lookUp();
      if (found !== undefined) return { found };
      if (performance.now() >= giveUpAtMs) return { claim };
      await sleep(pauseMs);
    }
  }

  /** Releases a claim whose load stored nothing, so that the next replica need not wait. */
  async drop(name: string): Promise<void> {
    await this.store.delete(name);
  }
}
