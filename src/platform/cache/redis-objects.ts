import { type Cache, type CacheManagerStore, createCache, KeyvAdapter } from 'cache-manager';
import { redisInsStore } from 'cache-manager-ioredis-yet';
import { Keyv } from 'keyv';
import { isProvenance, type Provenance } from '../coherence/coherence.js';
import type { Redis } from '../redis/redis.js';
import type { EntrySeal } from './entry-seal.js';
import type { Times } from './memory-store.js';
import { CachedObject } from './object-cache.js';
import { MAX_VALUE_BYTES, type RemoteStore } from './redis-store.js';
import type { RemoteTier, Tiers } from './tiers.js';

/** True for the format that Keyv writes: one JSON string that holds JSON. */
function isKeyvJson(raw: string): boolean {
  try {
    const text: unknown = JSON.parse(raw);
    return typeof text === 'string' && text.startsWith('{');
  } catch {
    return false;
  }
}

/**
 * The client as the store sees it. The guard is here because Keyv and cache-manager swallow the errors of their store.
 *
 * The store parses with telejson, which turns strings such as `_function_then|…` into functions, and `await` calls a
 * function named `then`. Anyone with write access to Redis could run code here. So the store gets to see nothing but
 * plain strings.
 */
const guardedClient = (redis: Redis, remote: RemoteStore): Redis =>
  Object.create(redis, {
    get: {
      value: async (key: string): Promise<string | null> => {
        const raw = await remote.guard('get', () => redis.get(key));
        return typeof raw === 'string' && isKeyvJson(raw) ? raw : null;
      },
    },
    set: {
      value: (...command: Parameters<Redis['set']>) => remote.guard('set', () => redis.set(...command)),
    },
    del: { value: (key: string) => remote.guard('delete', () => redis.del(key)) },
  }) as Redis;

/**
 * Nest's CACHE_MANAGER for object values, on the shared Redis client and behind the circuit breaker of the RemoteStore.
 * Never call its `clear`, which runs FLUSHDB. Closing it leaves the client open; the RedisModule closes the client after
 * the last request.
 */
export function objectStore(redis: Redis, remote: RemoteStore): Cache {
  // The store is typed for cache-manager 5, but it has all the methods that the adapter calls.
  const store = redisInsStore(guardedClient(redis, remote)) as unknown as CacheManagerStore;
  const keyv = new Keyv({ store: new KeyvAdapter(store), namespace: 'inkwell:object', useKeyPrefix: true });
  // Without a listener, an error of the store would end the process. To the caller it is a miss.
  keyv.on('error', () => undefined);
  return createCache({ stores: [keyv] });
}

interface StoredObject {
  readonly value: unknown;
  readonly provenance: Provenance;
  readonly times: Times;
}

/** L2 for objects: sealed JSON in Nest's CACHE_MANAGER. */
export class RedisObjects implements RemoteTier<CachedObject> {
  constructor(
    private readonly cacheManager: Cache,
    private readonly seal: EntrySeal,
    private readonly tiers: Pick<Tiers, 'tally'>,
  ) {}

  async get(key: string): Promise<CachedObject | undefined> {
    const sealed = await this.cacheManager.get(key);
    if (sealed === undefined || sealed === null) return undefined;
    const text = this.seal.openText(key, sealed);
    const stored = text === undefined ? undefined : parse(text);
    if (stored !== undefined) return new CachedObject(stored.value, stored.provenance, stored.times);
    this.tiers.tally.countError(text === undefined ? 'redis/verify' : 'redis/decode');
    return undefined;
  }

  keeps({ value, isLocal }: CachedObject): boolean {
    return value !== null && !isLocal;
  }

  async set(key: string, entry: CachedObject): Promise<void> {
    if (!this.keeps(entry)) return;
    const { value, provenance, times } = entry;
    const text = JSON.stringify({ value, provenance, times } satisfies StoredObject);
    if (text.length > MAX_VALUE_BYTES) return;
    await this.cacheManager.set(key, this.seal.sealText(key, text), times.ttlMs);
  }
}

/** @returns undefined for anything that `set` did not write */
function parse(text: string): StoredObject | undefined {
  try {
    const stored = JSON.parse(text) as Partial<StoredObject> | null;
    const { provenance, times } = stored ?? {};
    if (provenance === undefined || !isProvenance(provenance)) return undefined;
    if (!Number.isFinite(times?.storedAtMs) || !Number.isFinite(times?.ttlMs)) return undefined;
    return stored as StoredObject;
  } catch {
    return undefined;
  }
}
