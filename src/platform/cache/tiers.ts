import type { Coherence } from '../coherence/coherence.js';
import type { CacheTally } from './cache-tally.js';
import type { CacheName } from './cache-ttl.js';
import type { FillClaims } from './fill-claims.js';
import type { Entry, Eviction, MemoryStore } from './memory-store.js';
import type { RemoteStore } from './redis-store.js';
import type { SingleFlight } from './single-flight.js';

/** L2 as entries: decodes what the store holds, and rejects what another build wrote. */
export interface RemoteTier<E extends Entry> {
  get(key: string): Promise<E | undefined>;
  /** Does L2 store such entries at all? */
  keeps(entry: E): boolean;
  set(key: string, entry: E): Promise<void>;
}

export interface ReadOptions<E extends Entry> {
  readonly cache: CacheName;
  /** How long after its TTL an entry may be served while a new one is loaded. */
  readonly staleWhileRevalidateMs: number;
  /** How long after its TTL an entry may be served because the database cannot be reached. */
  readonly staleIfErrorMs: number;
  /** `never` if such entries are not stored in L2. */
  readonly remote: 'unknown' | 'never';
  /** Validates an entry of L2. The default accepts all entries. */
  readonly accepts?: (entry: E) => boolean;
  readonly load: () => Promise<E>;
}

/**
 * `memory` and `redis` are hits. `load` is a miss whose result was stored. `overtaken` is a miss that was not stored
 * because of a change during the load. `revalidating` and `error` are entries past their TTL, and the reason why they
 * were served.
 */
export type Source = 'memory' | 'redis' | 'load' | 'overtaken' | 'revalidating' | 'error';

export interface Found<E extends Entry> {
  readonly entry: E;
  readonly source: Source;
}

/** The entries that the tiers hold under one key. */
export interface Holdings<E extends Entry> {
  readonly memory: E | undefined;
  readonly redis: E | undefined;
  /** False if a change came after the snapshot of the entry in Redis, which would then be discarded. */
  readonly isRedisCurrent: boolean;
  /** The change that evicted the entry from memory. */
  readonly eviction: Eviction | undefined;
}

export const TIERS = Symbol('tiers');

/** The parts that all caches of a process share. */
export interface Tiers {
  readonly memory: MemoryStore<Entry>;
  readonly remote: RemoteStore;
  readonly coherence: Coherence;
  readonly claims: FillClaims;
  /** Keys are unique in the whole process. */
  readonly flights: SingleFlight<Found<Entry>>;
  readonly tally: CacheTally;
}
