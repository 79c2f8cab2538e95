import { CachedAbsence } from './cached-absence.js';
import type { CachedAnswer } from './cached-answer.js';
import type { HeldEntry } from './cache.schemas.js';
import { ageMs, isFresh } from './entry.js';

export const secondsOf = (ms: number): number => Math.round(ms / 100) / 10;

/** An entry as people read it. @param isCurrent false when a change came after it was read */
export function heldEntryOf(
  entry: CachedAnswer | CachedAbsence,
  isCurrent: boolean,
  nowMs: number,
): HeldEntry {
  const { tags, snapshot, epoch } = entry.provenance;
  return {
    state: !isCurrent ? 'outdated' : isFresh(entry, nowMs) ? 'fresh' : 'stale',
    status: entry instanceof CachedAbsence ? entry.problem.status : entry.content.status,
    age_seconds: secondsOf(ageMs(entry, nowMs)),
    ttl_seconds: secondsOf(entry.times.ttlMs),
    bytes: entry.bytes,
    tags: [...tags],
    snapshot: { xmax: snapshot.xmax, xip: [...snapshot.xip] },
    epoch,
    representations: representationsOf(entry),
  };
}

const representationsOf = (entry: CachedAnswer | CachedAbsence): HeldEntry['representations'] =>
  entry instanceof CachedAbsence
    ? []
    : entry.representations.map(({ encoding, body, etag }) => ({ encoding, bytes: body.length, etag }));
