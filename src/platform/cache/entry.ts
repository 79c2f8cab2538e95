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

/** Memory that the tag index takes for an entry: two-byte strings, a map slot and a set slot each. */
export const tagBytes = (tags: readonly string[]): number =>
  tags.reduce((sum, tag) => sum + 2 * tag.length + 100, 0);
