import { buildInfo } from '../build-info/build-info.js';
import { queriesFor } from '../database/query-purpose.js';
import { toProblem } from '../errors/to-problem.js';
import type { CacheName } from './cache-declaration.js';
import type { CacheCounts, CacheTally } from './cache-tally.js';
import type { Coherence } from '../coherence/coherence.js';
import { ageMs, type Entry, isFresh } from './entry.js';
import type { Eviction, MemoryStore } from './memory-store.js';
import type { FillClaims } from './fill-claims.js';
import { type Landing, SingleFlight } from './single-flight.js';
import { Turns } from './turns.js';

/** L2 as entries: decodes what it finds and lets nothing through that another build wrote. */
export interface RemoteTier<E extends Entry> {
  get(key: string): Promise<E | undefined>;
  /** Are such entries kept there at all? */
  keeps(entry: E): boolean;
  set(key: string, entry: E): Promise<void>;
}

export interface ReadOptions<E extends Entry> {
  readonly cache: CacheName;
  /** How long after its TTL an entry may be served while a new one is loaded. */
  readonly staleWhileRevalidateMs: number;
  /** How long after its TTL an entry may be served because the database is away. */
  readonly staleIfErrorMs: number;
  /** What is known of L2: nothing, or that such entries are not kept there. */
  readonly remote: 'unknown' | 'never';
  readonly load: () => Promise<E>;
}

/**
 * `memory`, `redis`: hits. `load`: a miss, stored. `overtaken`: a miss that is not stored, because a change came between.
 * `revalidating`, `error`: past its TTL, and why it was served all the same.
 */
export type Source = 'memory' | 'redis' | 'load' | 'overtaken' | 'revalidating' | 'error';

export interface Found<E extends Entry> {
  readonly entry: E;
  readonly source: Source;
}

/** What the tiers hold under one key. */
export interface Holdings<E extends Entry> {
  readonly memory: E | undefined;
  readonly redis: E | undefined;
  /** False when a change has made it old: then it is not believed. */
  readonly isRedisCurrent: boolean;
  /** The change that took it from memory. */
  readonly eviction: Eviction | undefined;
}

/** What the tiers of a process have in common. */
export interface Tiers {
  readonly memory: MemoryStore<Entry>;
  readonly coherence: Coherence;
  readonly claims: FillClaims;
  readonly tally: CacheTally;
}

const isDatabaseAway = (error: unknown): boolean => toProblem(error).status === 503;

/**
 * L1 → L2 → one load for all who ask. Staleness comes from the TTL alone: what an invalidation removed is gone, what a
 * load read before it is not stored, and what L2 holds from before it is not believed.
 */
export class TieredCache<E extends Entry> {
  private readonly flights = new SingleFlight<Found<E>>();
  private readonly turns = new Turns<Found<E>>();

  constructor(
    private readonly tiers: Tiers,
    private readonly remote: RemoteTier<E>,
    /** Names the entries of this cache in the memory they share. */
    private readonly isOurs: (entry: Entry) => entry is E,
  ) {}

  /** A fresh entry of L1, or undefined: without loading, counting or waiting. */
  peek(key: string): E | undefined {
    const entry = this.remembered(key);
    return entry !== undefined && isFresh(entry, Date.now()) ? entry : undefined;
  }

  /** What both tiers hold, for people who wonder: nothing is loaded, stored, counted or marked as used. */
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

  /** @throws what the load throws, unless the database is away and an entry may be served stale */
  async read(key: string, options: ReadOptions<E>): Promise<Found<E>> {
    const counts = this.tiers.tally.of(options.cache);
    const kept = this.kept(key);
    const entry = this.tiers.coherence.isUsable ? kept : undefined;
    const nowMs = Date.now();
    if (entry !== undefined && isFresh(entry, nowMs)) {
      counts.hits.memory += 1;
      return { entry, source: 'memory' };
    }
    if (entry !== undefined && ageMs(entry, nowMs) < entry.times.ttlMs + options.staleWhileRevalidateMs) {
      this.fly(key, options).catch(() => undefined);
      counts.stale += 1;
      return { entry, source: 'revalidating' };
    }
    return this.load(key, options, kept, counts);
  }

  /** Replaces an entry by another form of itself, unless it has gone meanwhile. */
  replace(key: string, entry: E, by: E): void {
    if (this.tiers.memory.peek(key) === entry) this.tiers.memory.set(key, by);
  }

  fence(tags: ReadonlySet<string>): void {
    this.flights.fence(tags);
  }

  fenceAll(): void {
    this.flights.fenceAll();
  }

  private remembered(key: string): E | undefined {
    return this.tiers.coherence.isUsable ? this.kept(key) : undefined;
  }

  /** What L1 has, whether it may be served or not. */
  private kept(key: string): E | undefined {
    const entry = this.tiers.memory.get(key);
    return entry !== undefined && this.isOurs(entry) ? entry : undefined;
  }

  /** Without a lease a load under way may have read before a write that has been answered since: nobody joins it. */
  private fly(key: string, options: ReadOptions<E>): Promise<Landing<Found<E>>> {
    const fill = (): Promise<Found<E>> => this.fill(key, options);
    return this.tiers.coherence.isUsable ? this.flights.run(key, undefined, fill) : this.turns.run(key, fill);
  }

  private async load(
    key: string,
    options: ReadOptions<E>,
    old: E | undefined,
    counts: CacheCounts,
  ): Promise<Found<E>> {
    try {
      const { value, isShared } = await this.fly(key, options);
      if (isShared) counts.coalesced += 1;
      if (value.source === 'redis') counts.hits.redis += 1;
      else counts.misses += 1;
      return value;
    } catch (error) {
      // Looked up again: an invalidation may have removed it while the load was failing.
      const isThere = old !== undefined && this.tiers.memory.peek(key) === old;
      if (!isThere || !isDatabaseAway(error)) throw error;
      if (ageMs(old, Date.now()) >= old.times.ttlMs + options.staleIfErrorMs) throw error;
      if (this.tiers.coherence.msWithoutLease >= options.staleIfErrorMs) throw error;
      counts.stale += 1;
      return { entry: old, source: 'error' };
    }
  }

  private async fill(key: string, options: ReadOptions<E>): Promise<Found<E>> {
    const remote = options.remote === 'unknown' ? await this.fromRemote(key, options.cache) : undefined;
    if (remote !== undefined) return this.take(key, remote, options.cache);
    if (options.remote === 'never' || !this.tiers.claims.areNeeded) return this.make(key, options);
    const taken = await this.tiers.claims.take(
      () => this.claimOf(key),
      () => this.fromRemote(key, options.cache),
    );
    if ('found' in taken) return this.take(key, taken.found, options.cache);
    let isLeftToOthers = false;
    try {
      const made = await this.make(key, options);
      isLeftToOthers = made.source === 'load' && this.remote.keeps(made.entry);
      return made;
    } finally {
      if (!isLeftToOthers) void this.tiers.claims.drop(taken.claim);
    }
  }

  private take(key: string, entry: E, cache: CacheName): Found<E> {
    this.store(key, entry, cache);
    return { entry, source: 'redis' };
  }

  /** A load from before a change must not hold up one from after it. */
  private claimOf(key: string): string {
    const { memory, coherence } = this.tiers;
    const eviction = memory.lastEviction(key);
    const change = eviction === undefined ? undefined : coherence.newestChangeOf([eviction.tag]);
    return `fill:${change?.xid ?? 0}:${this.remoteKey(key)}`;
  }

  private async make(key: string, options: ReadOptions<E>): Promise<Found<E>> {
    const startedAt = performance.now();
    const entry = await queriesFor('fill', options.load);
    this.tiers.tally.observe(options.cache, 'load', (performance.now() - startedAt) / 1000);
    if (!this.store(key, entry, options.cache)) return { entry, source: 'overtaken' };
    void this.remote.set(this.remoteKey(key), entry);
    return { entry, source: 'load' };
  }

  private async fromRemote(key: string, cache: CacheName): Promise<E | undefined> {
    if (!this.tiers.coherence.isUsable) return undefined;
    const startedAt = performance.now();
    const entry = await this.remote.get(this.remoteKey(key));
    this.tiers.tally.observe(cache, 'redis_get', (performance.now() - startedAt) / 1000);
    if (entry === undefined || !isFresh(entry, Date.now())) return undefined;
    if (this.isCurrent(entry)) return entry;
    this.reject(key, entry, cache);
    return undefined;
  }

  private reject(key: string, entry: E, cache: CacheName): void {
    this.tiers.tally.of(cache).rejected += 1;
    const change = this.tiers.coherence.newestChangeOf(entry.tags);
    if (change !== undefined) this.tiers.memory.wasFoundOld(key, change);
  }

  /** What a change overtook is told by its snapshot, exactly: a load that other changes overtook is stored. */
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
   * Builds do not meet, for their answers may have other members; neither do histories of PostgreSQL, for after a crash
   * transaction ids are used again.
   */
  private remoteKey(key: string): string {
    return `${buildInfo.version}:${this.tiers.coherence.epoch}:${key}`;
  }
}
