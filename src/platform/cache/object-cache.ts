import type { z } from 'zod';
import type { Config } from '../../config.js';
import type { Provenance } from '../coherence/coherence.js';
import { parseSnapshot } from '../coherence/snapshot.js';
import { type CacheName, ttlOf } from './cache-ttl.js';
import { type Entry, provenanceBytes, type Times } from './memory-store.js';
import { TieredCache } from './tiered-cache.js';
import type { RemoteTier, Tiers } from './tiers.js';

/** Objects and map slots. Measured (test/cache/memory.test.ts). */
const OVERHEAD_BYTES = 700;

/** The L1 entry of a value that a service looked up. */
export class CachedObject implements Entry {
  readonly isTransient: boolean;
  readonly tags: readonly string[];
  readonly bytes: number;

  constructor(
    readonly value: unknown,
    readonly provenance: Provenance,
    readonly times: Times,
    readonly isLocal = false,
  ) {
    this.isTransient = value === null;
    this.tags = provenance.tags;
    this.bytes = OVERHEAD_BYTES + 2 * (JSON.stringify(value)?.length ?? 0) + provenanceBytes(provenance);
  }
}

/** The value that a service looked up, and what it was read from. */
export interface LookupResult<T> {
  /** Must survive JSON, because it may travel through Redis. `null` means that there is no such thing. */
  readonly value: T;
  readonly tags: readonly string[];
  /** `pg_current_snapshot()` of the statement that read the value. */
  readonly snapshot: string;
  /** The epoch of the process that read the value, taken before the read. The default is this process's epoch. */
  readonly epoch?: string;
}

/** A value with its provenance, for answers that are built from it. */
export interface CachedValue<T> {
  readonly value: T;
  readonly provenance: Provenance;
}

interface LookupRequest<T> {
  readonly cache: CacheName;
  /** Unique within the cache. */
  readonly key: string;
  /** The default TTL. The environment may override it by the cache's name. */
  readonly ttlSeconds: number;
  /** Validates values from Redis; others are discarded. Without a schema, the values stay in this process. */
  readonly schema?: z.ZodType<T>;
  readonly lookUp: () => Promise<LookupResult<T>>;
}

const NO_REMOTE: RemoteTier<CachedObject> = {
  get: () => Promise.resolve(undefined),
  keeps: () => false,
  set: () => Promise.resolve(),
};

/** The cache for values other than answers, such as sessions and profiles. It uses the same tiers. */
export class ObjectCache {
  private readonly tiered: TieredCache<CachedObject>;

  constructor(
    private readonly tiers: Tiers,
    private readonly config: Config,
    remote: RemoteTier<CachedObject> = NO_REMOTE,
  ) {
    this.tiered = new TieredCache(
      tiers,
      remote,
      (entry): entry is CachedObject => entry instanceof CachedObject,
    );
  }

  /** @throws what `lookUp` throws. An expired entry is never served instead. */
  async get<T>(request: LookupRequest<T>): Promise<T> {
    return (await this.find(request)).value;
  }

  /** Like `get`, with the provenance of the value. @throws what `lookUp` throws */
  async find<T>(request: LookupRequest<T>): Promise<CachedValue<T>> {
    const { cache, key, schema } = request;
    const ttl = ttlOf(this.config, cache) ?? request.ttlSeconds;
    const { entry } = await this.tiered.read(`${cache}:${key}`, {
      cache,
      staleWhileRevalidateMs: 0,
      staleIfErrorMs: 0,
      remote: ttl > 0 && schema !== undefined ? 'unknown' : 'never',
      accepts: ({ value }) => schema?.safeParse(value).success === true,
      load: () => this.load(ttl, request),
    });
    // The entry of this key came from a `lookUp` of the same caller, or the schema has validated it.
    return { value: entry.value as T, provenance: entry.provenance };
  }

  private async load<T>(ttlSeconds: number, { lookUp, schema }: LookupRequest<T>): Promise<CachedObject> {
    const { epoch: ownEpoch } = this.tiers.coherence;
    const times = { storedAtMs: Date.now(), ttlMs: ttlSeconds * 1000 };
    const { value, tags, snapshot, epoch = ownEpoch } = await lookUp();
    return new CachedObject(
      value,
      { tags, snapshot: parseSnapshot(snapshot), epoch },
      times,
      schema === undefined,
    );
  }
}
