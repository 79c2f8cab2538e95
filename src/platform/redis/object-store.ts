import { type Cache, type CacheManagerStore, createCache, KeyvAdapter } from 'cache-manager';
import { redisInsStore } from 'cache-manager-ioredis-yet';
import type { Redis } from 'ioredis';
import { Keyv } from 'keyv';

/**
 * Nest's CACHE_MANAGER for object values, on the one Redis client. Never call its `clear` (FLUSHDB). Its stores are not
 * closed with it: the client outlives them, and is closed by the RedisModule when no request needs it any more.
 */
export function objectStore(redis: Redis): Cache {
  // The store is typed for cache-manager 5; the adapter asks only for the methods it has.
  const store = redisInsStore(redis) as unknown as CacheManagerStore;
  const keyv = new Keyv({ store: new KeyvAdapter(store), namespace: 'inkwell:object', useKeyPrefix: true });
  // Without a listener an error of the store would end the process; its callers see it as a rejected call.
  keyv.on('error', () => undefined);
  return createCache({ stores: [keyv] });
}
