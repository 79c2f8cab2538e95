import { isVisible } from '../coherence/snapshot.js';
import type { CachedAbsence } from './cached-absence.js';
import type { CachedAnswer } from './cached-answer.js';
import type { CacheExplanation } from './cache.schemas.js';
import { ageMs, type Entry, isFresh } from './entry.js';
import { secondsOf } from './held-entry.js';
import type { Eviction } from './memory-store.js';
import type { OutboxChange } from './outbox-changes.queries.js';
import type { RemoteState } from './remote-store.js';
import type { Holdings } from './tiered-cache.js';

/** All that decides how the next GET without credentials is answered. */
export interface Situation {
  readonly ttlMs: number;
  /** The outbox is followed, so caches may be used. */
  readonly isJoined: boolean;
  readonly holdings: Holdings<CachedAnswer | CachedAbsence>;
  readonly redis: RemoteState;
  /** Newest first. */
  readonly changes: readonly OutboxChange[];
  readonly nowMs: number;
}

export type Verdict = Pick<CacheExplanation, 'next' | 'reason'>;

const UNCACHED = {
  invalid: 'It would not be cached: the route refuses this path or query as not valid.',
  'not stored': 'It would not be cached: answers to such a query are made anew for each request.',
} as const;

export const uncached = (why: keyof typeof UNCACHED): Verdict => ({
  next: 'uncached',
  reason: UNCACHED[why],
});

const READS = 'It would miss and read the database: ';
const miss = (why: string): Verdict => ({ next: 'miss', reason: `${READS}${why}.` });

/** What `TieredCache.read` would do, in the same order, said in a sentence. */
export function verdictOf(situation: Situation): Verdict {
  const { ttlMs, isJoined, holdings, nowMs } = situation;
  if (ttlMs === 0) return { next: 'uncached', reason: 'It would not be cached: the TTL is 0.' };
  if (!isJoined) return miss('this process has not joined the outbox yet, so it believes no cache');
  const { memory, redis } = holdings;
  if (memory !== undefined && isFresh(memory, nowMs)) {
    return { next: 'hit', reason: `It would hit in memory, for ${secondsLeft(memory, nowMs)} s more.` };
  }
  if (memory !== undefined && ageMs(memory, nowMs) < memory.times.ttlMs + ttlMs) {
    const reason = `It would be answered from memory, marked stale: its TTL is over for ${-secondsLeft(memory, nowMs)} s, and the request makes one load renew it.`;
    return { next: 'stale', reason };
  }
  if (redis !== undefined && holdings.isRedisCurrent && isFresh(redis, nowMs)) {
    const reason = `It would hit in Redis, for ${secondsLeft(redis, nowMs)} s more, and memory keeps it from then on.`;
    return { next: 'hit', reason };
  }
  return miss(whyMissed(situation));
}

const secondsLeft = (entry: Entry, nowMs: number): number =>
  secondsOf(entry.times.ttlMs - ageMs(entry, nowMs));

function whyMissed({ holdings, changes, redis: state }: Situation): string {
  const { memory, redis, isRedisCurrent, eviction } = holdings;
  if (redis !== undefined && !isRedisCurrent) return whyOutdated(redis, changes);
  if (memory !== undefined) return 'what memory holds is too old, and kept for when the database is away';
  if (redis !== undefined) return 'what Redis holds is past its TTL';
  const where = { none: 'memory does not hold it', answers: 'neither tier holds it', away: AWAY }[state];
  return eviction === undefined ? where : `${where}, since ${causeOf(eviction, changes)}`;
}

const AWAY = 'memory does not hold it and Redis does not answer';

function whyOutdated({ provenance }: Entry, changes: readonly OutboxChange[]): string {
  const unseen = changes.find(({ xid }) => !isVisible(xid, provenance.snapshot));
  return unseen === undefined
    ? 'what Redis holds is from before all that this process knows of'
    : `what Redis holds was read before transaction ${unseen.xid} (${unseen.event}), which touched ${unseen.tags.join(', ')}`;
}

function causeOf({ xid, tag }: Eviction, changes: readonly OutboxChange[]): string {
  const event = changes.find((change) => change.xid === xid)?.event;
  return `transaction ${xid}${event === undefined ? '' : ` (${event})`} touched ${tag}`;
}
