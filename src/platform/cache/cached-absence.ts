import type { Provenance } from '../coherence/coherence.js';
import { Problem, type ProblemOptions } from '../errors/problem.js';
import { type Entry, provenanceBytes, type Times } from './entry.js';

/** Objects and map slots, measured (test/cache/memory.test.ts). */
const OVERHEAD_BYTES = 750;

/**
 * That something does not exist, until an event says that it appeared. What its problem tells is kept, not the error: that
 * one holds, by the frames of its stack, the request that met it first.
 */
export class CachedAbsence implements Entry {
  readonly isTransient = true;
  readonly tags: readonly string[];
  readonly bytes: number;
  private readonly told: ProblemOptions;

  constructor(
    { status, code, title, detail, errors, headers, absence }: Problem,
    readonly provenance: Provenance,
    readonly times: Times,
  ) {
    const text = JSON.stringify({ status, code, title, detail, errors, headers, absence });
    this.told = JSON.parse(text) as ProblemOptions;
    this.tags = provenance.tags;
    this.bytes = OVERHEAD_BYTES + 2 * text.length + provenanceBytes(provenance);
  }

  /** Made anew for each request. */
  get problem(): Problem {
    return new Problem(this.told);
  }
}
