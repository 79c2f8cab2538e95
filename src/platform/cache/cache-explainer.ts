import { Injectable } from '@nestjs/common';
import { Coherence } from '../coherence/coherence.js';
import { isVisible } from '../coherence/snapshot.js';
import { EVERYTHING } from '../coherence/tag-journal.js';
import { isOnApi } from '../server/declared-query.guard.js';
import type { CacheChange, CacheExplanation } from './cache.schemas.js';
import { NoCachedRoute } from './cache.problems.js';
import type { CachedAbsence } from './cached-absence.js';
import type { CachedAnswer } from './cached-answer.js';
import type { CacheKey } from './cached-route.js';
import { CachedRoutes, type ResolvedUrl } from './cached-routes.js';
import { heldEntryOf, secondsOf } from './held-entry.js';
import { type OutboxChange, OutboxChanges } from './outbox-changes.queries.js';
import { localUrlOf } from './pathname-of.js';
import { ResponseCache } from './response-cache.js';
import type { Holdings } from './tiered-cache.js';
import { uncached, verdictOf } from './verdict.js';

type Explained = Omit<CacheExplanation, 'path' | 'route' | 'handler' | 'cache' | 'ttl'>;

/** Says what this process and Redis hold for a URL, and how it would be answered: nothing changes by asking. */
@Injectable()
export class CacheExplainer {
  constructor(
    private readonly routes: CachedRoutes,
    private readonly cache: ResponseCache,
    private readonly changes: OutboxChanges,
    private readonly coherence: Coherence,
  ) {}

  /** @param path and query, or a URL @throws NoCachedRoute */
  async explain(path: string): Promise<CacheExplanation> {
    const url = localUrlOf(path);
    const resolved = this.routes.resolve(url);
    if (resolved === undefined) throw new NoCachedRoute(url);
    const { route, template } = resolved;
    const [seconds, declared_seconds] = [secondsOf(route.ttlMs), route.declaration.ttlSeconds];
    const ttl = { seconds, declared_seconds, is_overridden: seconds !== declared_seconds };
    const explained = await this.explainAnswer(resolved);
    return { path: url, route: template, handler: route.name, cache: route.cache, ttl, ...explained };
  }

  private async explainAnswer(resolved: ResolvedUrl): Promise<Explained> {
    const key = judge(resolved);
    const redis_state = await this.cache.remoteState();
    if (typeof key === 'string')
      return { key: null, ...uncached(key), memory: null, redis: null, redis_state, changes: [] };
    const holdings = await this.cache.inspect(key.key);
    const changes = await this.changes.touching(tagsOf(key, holdings));
    const nowMs = Date.now();
    const { memory, redis, isRedisCurrent } = holdings;
    const verdict = verdictOf({
      ttlMs: resolved.route.ttlMs,
      isJoined: this.coherence.isUsable,
      holdings,
      redis: redis_state,
      changes,
      nowMs,
    });
    return {
      key: key.key,
      ...verdict,
      memory: memory === undefined ? null : heldEntryOf(memory, true, nowMs),
      redis: redis === undefined ? null : heldEntryOf(redis, isRedisCurrent, nowMs),
      redis_state,
      changes: changes.map((change) => shown(change, holdings)),
    };
  }
}

/** The guard of the API refuses queries where none is declared; the route itself would not notice. */
function judge({ route, request }: ResolvedUrl): CacheKey | 'invalid' | 'not stored' {
  const isRefused =
    route.declaration.query === undefined &&
    isOnApi(request.url) &&
    Object.keys(request.query as object).length > 0;
  return isRefused ? 'invalid' : route.judge(request);
}

type Held = Holdings<CachedAnswer | CachedAbsence>;

/** All that could make the answer old, as far as a tier knows. */
function tagsOf({ pathTag }: CacheKey, { memory, redis, eviction }: Held): string[] {
  const evicted = eviction === undefined ? [] : [eviction.tag];
  return [...new Set([EVERYTHING, pathTag, ...evicted, ...(memory?.tags ?? []), ...(redis?.tags ?? [])])];
}

function shown({ xid, event, at, tags }: OutboxChange, { memory, redis }: Held): CacheChange {
  const isSeenBy = (entry: CachedAnswer | CachedAbsence | undefined): boolean | null =>
    entry === undefined ? null : isVisible(xid, entry.provenance.snapshot);
  return {
    xid,
    event,
    at: at.toISOString(),
    tags: [...tags],
    seen_by_memory: isSeenBy(memory),
    seen_by_redis: isSeenBy(redis),
  };
}
