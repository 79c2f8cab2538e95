import type { Provenance } from '../coherence/coherence.js';
import type { MemoryEntry } from './memory-store.js';

export interface Times {
  /** Milliseconds since 1970 at which it was loaded; compared between replicas. */
  readonly storedAtMs: number;
  readonly ttlMs: number;
}

/** Anything the tiers keep: what it was read from tells whether it is current, its times whether it is fresh. */
export interface Entry extends MemoryEntry {
  readonly provenance: Provenance;
  readonly times: Times;
}

export const ageMs = ({ times }: Entry, nowMs: number): number => Math.max(0, nowMs - times.storedAtMs);
export const isFresh = (entry: Entry, nowMs: number): boolean => ageMs(entry, nowMs) < entry.times.ttlMs;

/** A tag that no other entry has, with its set in the index, measured (test/cache/memory.test.ts). */
const TAG_BYTES = 310;

/** Objects of an input. */
const INPUT_BYTES = 200;

/** Memory of what tells whether an entry is current; its tags are of one byte a character. */
export const provenanceBytes = ({ tags, snapshot, inputs = [] }: Provenance): number =>
  tags.reduce((sum, tag) => sum + TAG_BYTES + tag.length, 8 * snapshot.xip.length) +
  inputs.reduce((sum, input) => sum + INPUT_BYTES + provenanceBytes(input), 0);
