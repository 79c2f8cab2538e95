import type { Problem } from '../errors/problem.js';
import type { Provenance } from '../coherence/coherence.js';
import { type Entry, tagBytes, type Times } from './entry.js';

const OVERHEAD_BYTES = 800;

/** That something does not exist, until an event says that it appeared. Its problem is thrown anew for each request. */
export class CachedAbsence implements Entry {
  readonly isTransient = true;
  readonly tags: readonly string[];
  readonly bytes: number;

  constructor(
    readonly problem: Problem,
    readonly provenance: Provenance,
    readonly times: Times,
  ) {
    this.tags = provenance.tags;
    this.bytes = OVERHEAD_BYTES + tagBytes(provenance.tags);
  }
}
