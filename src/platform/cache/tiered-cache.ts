import { buildId } from '../build-info/build-id.js';
import { queriesFor } from '../database/query-purpose.js';
import { toProblem } from '../errors/to-problem.js';
import { runningTime } from '../resilience/running-time.js';
import type { CacheCounts } from './cache-tally.js';
import type { CacheName } from './cache-ttl.js';
import { ageMs, type Entry, isFresh } from './memory-store.js';
import { LoadQueue, type LoadResult, type SingleFlight } from './single-flight.js';
import type { Found, Holdings, ReadOptions, RemoteTier, Tiers } from './tiers.js';

/** Attempts to load an entry while the process is starved of CPU. */
const ATTEMPTS = 3;
/** The longest attempt that may be repeated; otherwise the answer could take more than two seconds. */
const RETRY_WITHIN_MS = 400;

const isDatabaseAway = (error: unknown): boolean => toProblem(error).status === 503;

/**
 * Reads L1, then L2, then runs one load for all callers. An entry is stale only after its TTL. Changes evict entries
 * from L1, loads that a change overtook are not stored, and outdated entries of L2 are discarded.
 */
export class TieredCache<E extends Entry> {
  /** Shared by all caches. Keys are unique in the process, so a key of this cache leads to its own loads only. */
  private readonly flights: SingleFlight<Found<E>>;
  private readonly queue = new LoadQueue<Found<E>>();

  constructor(
    private readonly tiers: Tiers,
    private readonly remote: RemoteTier<E>,
    /** Tells the entries of this cache from others in the shared memory. */
    private readonly isOurs: (entry: Entry) => entry is E,
  ) {
    this.flights = tiers.flights as SingleFlight<Found<E>>;
  }

  /** Returns a fresh entry of L1 without loading, counting or waiting. */
  peek(key: string): E | undefined {
    const entry = this.usableFromMemory(key);
    return entry !== undefined && isFresh(entry, Date.now()) ? entry : undefined;
  }

  /** Shows what both tiers hold, for debugging. It loads, stores and counts nothing, and marks nothing as used. */
  async inspect(key: string): Promise<Holdings<E>> {
    const { memory, coherence } = this.tiers;
    const entry = memory.peek(key);
    const remote = coherence.isUsable ? await this.remote.get(this.remoteKey(key)) : undefined;
    return {
      memory: entry !== undefined && this.isOurs(entry) ? entry : undefined,
      redis: remote,
      isRedisCurrent: remote !== undefined && this.isCurrent(remote),
      eviction: memory.lastEviction(key),
    };
  }

  /** @throws what the load throws, unless the database cannot be reached and a stale entry may be served */
  async read(key: string, options: ReadOptions<E>): Promise<Found<E>> {
    const counts = this.tiers.tally.of(options.cache);
    const stored = this.fromMemory(key);
    const entry = this.tiers.coherence.isUsable ? stored : undefined;
    const nowMs = Date.now();
    if (entry !== undefined && isFresh(entry, nowMs)) {
      counts.hits.memory += 1;
      return { entry, source: 'memory' };
    }
    if (entry !== undefined && ageMs(entry, nowMs) < entry.times.ttlMs + options.staleWhileRevalidateMs) {
      this.sharedLoad(key, options).catch(() => undefined);
      counts.stale += 1;
      return { entry, source: 'revalidating' };
    }
    return this.load(key, options, stored, counts);
  }

  /** Replaces an entry with another form of it, unless the entry is no longer there. */
  replace(key: string, entry: E, by: E): void {
    if (this.tiers.memory.peek(key) === entry) this.tiers.memory.set(key, by);
  }

  private usableFromMemory(key: string): E | undefined {
    return this.tiers.coherence.isUsable ? this.fromMemory(key) : undefined;
  }

  /** The entry in L1, even if it may not be served. */
  private fromMemory(key: string): E | undefined {
    const entry = this.tiers.memory.get(key);
    return entry !== undefined && this.isOurs(entry) ? entry : undefined;
  }

  /**
   * Without a lease, a running load may have read data from before a write that has been answered since. No caller may
   * join such a load.
   */
  private sharedLoad(key: string, options: ReadOptions<E>): Promise<LoadResult<Found<E>>> {
    const fill = (): Promise<Found<E>> => this.fill(key, options);
    return this.tiers.coherence.isUsable ? this.flights.run(key, fill) : this.queue.run(key, fill);
  }

  /**
   * A process starved of CPU may have let a load time out by itself. It retries before it reports that the database
   * cannot be reached.
   */
  private async sharedLoadWithRetry(key: string, options: ReadOptions<E>): Promise<LoadResult<Found<E>>> {
    const look = runningTime.begin();
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.sharedLoad(key, options);
      } catch (error) {
        const { isStarved, ranMs } = look();
        if (attempt === ATTEMPTS || !isDatabaseAway(error) || !isStarved || ranMs > RETRY_WITHIN_MS)
          throw error;
      }
    }
  }

  private async load(
    key: string,
    options: ReadOptions<E>,
    old: E | undefined,
    counts: CacheCounts,
  ): Promise<Found<E>> {
    try {
      const { value, isShared } = await this.sharedLoadWithRetry(key, options);
      if (isShared) counts.coalesced += 1;
      if (value.source === 'redis') counts.hits.redis += 1;
      else counts.misses += 1;
      return value;
    } catch (error) {
      // An invalidation may have evicted the entry while the load was failing.
      const isThere = old !== undefined && this.tiers.memory.peek(key) === old;
      if (!isThere || !isDatabaseAway(error)) throw error;
      if (ageMs(old, Date.now()) >= old.times.ttlMs + options.staleIfErrorMs) throw error;
      if (this.tiers.coherence.msWithoutLease >= options.staleIfErrorMs) throw error;
      counts.stale += 1;
      return { entry: old, source: 'error' };
    }
  }

  private async fill(key: string, options: ReadOptions<E>): Promise<Found<E>> {
    const remote = options.remote === 'unknown' ? await this.fromRemote(key, options) : undefined;
    if (remote !== undefined) return this.storeFromRemote(key, remote, options.cache);
    if (options.remote === 'never' || !this.tiers.claims.areNeeded) return this.loadFromSource(key, options);
    const taken = await this.tiers.claims.take(
      () => this.claimOf(key),
      () => this.fromRemote(key, options),
    );
    if ('found' in taken) return this.storeFromRemote(key, taken.found, options.cache);
    let isLeftToOthers = false;
    try {
      const made = await this.loadFromSource(key, options);
      isLeftToOthers = made.source === 'load' && this.remote.keeps(made.entry);
      return made;
    } finally {
      if (!isLeftToOthers) void this.tiers.claims.drop(taken.claim);
    }
  }

  private storeFromRemote(key: string, entry: E, cache: CacheName): Found<E> {
    this.store(key, entry, cache);
    return { entry, source: 'redis' };
  }

  /** Names the claim after the latest change, so that a load from before a change does not delay one from after it. */
  private claimOf(key: string): string {
    const { memory, coherence } = this.tiers;
    const eviction = memory.lastEviction(key);
    const change = eviction === undefined ? undefined : coherence.newestChangeOf([eviction.tag]);
    return `fill:${change?.xid ?? 0}:${this.remoteKey(key)}`;
  }

  private async loadFromSource(key: string, options: ReadOptions<E>): Promise<Found<E>> {
    const startedAt = performance.now();
    const entry = await queriesFor('fill', options.load);
    this.tiers.tally.loaded(options.cache, (performance.now() - startedAt) / 1000);
    if (!this.store(key, entry, options.cache)) return { entry, source: 'overtaken' };
    this.remote.set(this.remoteKey(key), entry).catch(() => this.tiers.tally.countError('redis/set'));
    return { entry, source: 'load' };
  }

  private async fromRemote(key: string, { cache, accepts }: ReadOptions<E>): Promise<E | undefined> {
    if (!this.tiers.coherence.isUsable) return undefined;
    const startedAt = performance.now();
    const entry = await this.remote.get(this.remoteKey(key));
    this.tiers.tally.observe(cache, 'redis_get', (performance.now() - startedAt) / 1000);
    if (entry === undefined || !isFresh(entry, Date.now())) return undefined;
    if (accepts?.(entry) === false) {
      this.tiers.tally.countError('redis/form');
      return undefined;
    }
    if (this.isCurrent(entry)) return entry;
    this.reject(key, entry, cache);
    return undefined;
  }

  private reject(key: string, entry: E, cache: CacheName): void {
    this.tiers.tally.of(cache).rejected += 1;
    const change = this.tiers.coherence.newestChangeOf(entry.tags);
    if (change !== undefined) this.tiers.memory.wasFoundOld(key, change);
  }

  /**
   * Stores an entry unless a change touched it during the load. Its snapshot tells this exactly, so unrelated changes
   * do not matter.
   */
  private store(key: string, entry: E, cache: CacheName): boolean {
    if (!this.isCurrent(entry)) {
      this.tiers.tally.of(cache).fenced += 1;
      return false;
    }
    if (entry.times.ttlMs > 0) this.tiers.memory.set(key, entry);
    return entry.times.ttlMs > 0;
  }

  private isCurrent(entry: E): boolean {
    return this.tiers.coherence.isCurrent(entry.provenance);
  }

  /**
   * Keys differ by build, because builds may render answers differently, and by epoch, because transaction ids repeat
   * after a crash.
   */
  private remoteKey(key: string): string {
    return `${buildId}:${this.tiers.coherence.epoch}:${key}`;
  }
}
