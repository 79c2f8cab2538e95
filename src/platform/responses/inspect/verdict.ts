import { ageMs, type Entry, type Eviction, isFresh } from '../../cache/memory-store.js';
import type { RemoteState } from '../../cache/redis-store.js';
import type { Holdings } from '../../cache/tiers.js';
import { isVisible } from '../../coherence/snapshot.js';
import type { OutboxChange } from '../../outbox/outbox-changes.queries.js';
import type { CachedAbsence, CachedAnswer } from '../cached-answer.js';
import type { CacheExplanation } from './cache.schemas.js';

export const secondsOf = (ms: number): number => Math.round(ms / 100) / 10;

/** Everything that decides how the next GET without credentials is answered. */
export interface CacheState {
  readonly ttlMs: number;
  /** True while this process follows the outbox, so that it may use its caches. */
  readonly isJoined: boolean;
  readonly holdings: Holdings<CachedAnswer | CachedAbsence>;
  readonly redis: RemoteState;
  /** Newest first. */
  readonly changes: readonly OutboxChange[];
  readonly nowMs: number;
}

export type Verdict = Pick<CacheExplanation, 'next' | 'reason'>;

const UNCACHED = {
  invalid: 'It would not be cached: the route refuses this path or query as invalid.',
  'not stored': 'It would not be cached: answers to such a query are not stored.',
} as const;

export const uncached = (why: keyof typeof UNCACHED): Verdict => ({
  next: 'uncached',
  reason: UNCACHED[why],
});

const READS = 'It would miss and read the database: ';
const miss = (why: string): Verdict => ({ next: 'miss', reason: `${READS}${why}.` });

/** Explains in a sentence what `TieredCache.read` would do. It checks in the same order. */
export function verdictOf(situation: CacheState): Verdict {
  const { ttlMs, isJoined, holdings, nowMs } = situation;
  if (ttlMs === 0) return { next: 'uncached', reason: 'It would not be cached: the TTL is 0.' };
  if (!isJoined) return miss('this process has not joined the outbox yet, so it may not use its caches');
  const { memory, redis } = holdings;
  if (memory !== undefined && isFresh(memory, nowMs)) {
    return { next: 'hit', reason: `It would hit in memory, for ${secondsLeft(memory, nowMs)} s more.` };
  }
  if (memory !== undefined && ageMs(memory, nowMs) < memory.times.ttlMs + ttlMs) {
    const reason = `It would be answered from memory and marked stale: its TTL ended ${-secondsLeft(memory, nowMs)} s ago. The request would start one load to renew it.`;
    return { next: 'stale', reason };
  }
  if (redis !== undefined && holdings.isRedisCurrent && isFresh(redis, nowMs)) {
    const reason = `It would hit in Redis, for ${secondsLeft(redis, nowMs)} s more, and be stored in memory.`;
    return { next: 'hit', reason };
  }
  return miss(whyMissed(situation));
}

const secondsLeft = (entry: Entry, nowMs: number): number =>
  secondsOf(entry.times.ttlMs - ageMs(entry, nowMs));

function whyMissed({ holdings, changes, redis: state }: CacheState): string {
  const { memory, redis, isRedisCurrent, eviction } = holdings;
  if (redis !== undefined && !isRedisCurrent) return whyOutdated(redis, changes);
  if (memory !== undefined)
    return 'the entry in memory is too old; it is kept in case the database cannot be reached';
  if (redis !== undefined) return 'the entry in Redis is past its TTL';
  const where = { none: 'memory does not hold it', answers: 'neither tier holds it', away: AWAY }[state];
  return eviction === undefined ? where : `${where}, since ${causeOf(eviction, changes)}`;
}

const AWAY = 'memory does not hold it and Redis does not answer';

function whyOutdated({ provenance }: Entry, changes: readonly OutboxChange[]): string {
  const unseen = changes.find(({ xid }) => !isVisible(xid, provenance.snapshot));
  return unseen === undefined
    ? 'the entry in Redis is older than everything this process knows of'
    : `the entry in Redis was read before transaction ${unseen.xid} (${unseen.event}), which touched ${unseen.tags.join(', ')}`;
}

function causeOf({ xid, tag }: Eviction, changes: readonly OutboxChange[]): string {
  const event = changes.find((change) => change.xid === xid)?.event;
  return `transaction ${xid}${event === undefined ? '' : ` (${event})`} touched ${tag}`;
}
