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

interface Known {
  readonly addresses: Promise<readonly LookupAddress[]>;
  readonly expiresAtMs: number;
}

/** The system's resolver: it knows /etc/hosts and a cluster's search domains. */
export const systemResolve: Resolve = (name) => lookup(name, { all: true });

/** All addresses of a name, for a while. Failures are not kept, and callers at the same moment share one question. */
export class DnsCache {
  private readonly known = new LRUCache<string, Known>({ max: MAX_NAMES });

  constructor(private readonly options: DnsCacheOptions) {}

  /** @throws what the resolver throws, e.g. ENOTFOUND */
  addressesOf(name: string): Promise<readonly LookupAddress[]> {
    const { ttlMs, resolve, now } = this.options;
    const known = this.known.get(name);
    if (known !== undefined && now() < known.expiresAtMs) return known.addresses;
    const addresses = resolve(name);
    const asked = { addresses, expiresAtMs: now() + ttlMs };
    this.known.set(name, asked);
    addresses.catch(() => {
      if (this.known.get(name) === asked) this.known.delete(name);
    });
    return addresses;
  }

  /** Asked anew next time: its addresses could not be connected to. */
  forget(name: string): void {
    this.known.delete(name);
  }
}
