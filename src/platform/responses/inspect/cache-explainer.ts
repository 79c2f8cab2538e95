import { Inject, Injectable } from '@nestjs/common';
import { ageMs, isFresh } from '../../cache/memory-store.js';
import { type Holdings, TIERS, type Tiers } from '../../cache/tiers.js';
import { isVisible } from '../../coherence/snapshot.js';
import { EVERYTHING } from '../../coherence/tag-journal.js';
import { Problem } from '../../errors/problem.js';
import { isOnApi } from '../../openapi/is-on-api.js';
import { type OutboxChange, OutboxChanges } from '../../outbox/outbox-changes.queries.js';
import { CachedAbsence, type CachedAnswer } from '../cached-answer.js';
import { type CacheKey, localUrlOf } from '../cached-route.js';
import { CachedRoutes, type ResolvedUrl } from '../cached-routes.js';
import { ResponseCache } from '../response-cache.js';
import type { CacheChange, CacheExplanation, HeldEntry } from './cache.schemas.js';
import { secondsOf, uncached, verdictOf } from './verdict.js';

class NoCachedRoute extends Problem {
  constructor(path: string) {
    super({
      code: 'cache.no_cached_route',
      detail: `GET ${path.slice(0, 200)} does not lead to a cached route.`,
    });
  }
}

/** Describes an entry for operators. @param isCurrent false if a change came after the entry was read */
function heldEntryOf(entry: CachedAnswer | CachedAbsence, isCurrent: boolean, nowMs: number): HeldEntry {
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

type Explained = Omit<CacheExplanation, 'path' | 'route' | 'handler' | 'cache' | 'ttl'>;

/** Shows what this process and Redis hold for a URL, and how it would be answered. It changes nothing. */
@Injectable()
export class CacheExplainer {
  constructor(
    private readonly routes: CachedRoutes,
    private readonly cache: ResponseCache,
    private readonly changes: OutboxChanges,
    @Inject(TIERS) private readonly tiers: Pick<Tiers, 'coherence' | 'remote'>,
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
    const redis_state = await this.tiers.remote.state();
    if (typeof key === 'string')
      return { key: null, ...uncached(key), memory: null, redis: null, redis_state, changes: [] };
    const holdings = await this.cache.tiered.inspect(key.key);
    const changes = await this.changes.touching(tagsOf(key, holdings));
    const nowMs = Date.now();
    const { memory, redis, isRedisCurrent } = holdings;
    const verdict = verdictOf({
      ttlMs: resolved.route.ttlMs,
      isJoined: this.tiers.coherence.isUsable,
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

/** The API's guard refuses undeclared queries before the route sees them. */
function judge({ route, request }: ResolvedUrl): CacheKey | 'invalid' | 'not stored' {
  const isRefused =
    route.declaration.query === undefined &&
    isOnApi(request.url) &&
    Object.keys(request.query as object).length > 0;
  return isRefused ? 'invalid' : route.judge(request);
}

type EntryHoldings = Holdings<CachedAnswer | CachedAbsence>;

/** All tags that could make the answer outdated, as far as the tiers know. */
function tagsOf({ pathTag }: CacheKey, { memory, redis, eviction }: EntryHoldings): string[] {
  const evicted = eviction === undefined ? [] : [eviction.tag];
  return [...new Set([EVERYTHING, pathTag, ...evicted, ...(memory?.tags ?? []), ...(redis?.tags ?? [])])];
}

function shown({ xid, event, at, tags }: OutboxChange, { memory, redis }: EntryHoldings): CacheChange {
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
