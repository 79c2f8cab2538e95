import { LRUCache } from 'lru-cache';
import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';

const MAX_NAMES = 1_000;

export type Resolve = (name: string) => Promise<LookupAddress[]>;

interface DnsCacheOptions {
  readonly ttlMs: number;
  readonly resolve: Resolve;
  readonly now: () => number;
}

interface CachedAddresses {
  readonly addresses: Promise<readonly LookupAddress[]>;
  readonly expiresAtMs: number;
}

/** The system's resolver, which knows /etc/hosts and a cluster's search domains. */
export const systemResolve: Resolve = (name) => lookup(name, { all: true });

/** Caches all addresses of a name. Failures are not cached, and concurrent callers share one look-up. */
export class DnsCache {
  private readonly byName = new LRUCache<string, CachedAddresses>({ max: MAX_NAMES });

  constructor(private readonly options: DnsCacheOptions) {}

  /** @throws what the resolver throws, such as ENOTFOUND */
  addressesOf(name: string): Promise<readonly LookupAddress[]> {
    const { ttlMs, resolve, now } = this.options;
    const cached = this.byName.get(name);
    if (cached !== undefined && now() < cached.expiresAtMs) return cached.addresses;
    const addresses = resolve(name);
    const entry = { addresses, expiresAtMs: now() + ttlMs };
    this.byName.set(name, entry);
    addresses.catch(() => {
      if (this.byName.get(name) === entry) this.byName.delete(name);
    });
    return addresses;
  }

  /** Call this if the addresses of a name cannot be connected to. The next call looks the name up again. */
  forget(name: string): void {
    this.byName.delete(name);
  }
}
