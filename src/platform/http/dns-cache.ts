import { LRUCache } from 'lru-cache';
import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';

const MAX_NAMES = 1_000;

type Resolve = (name: string) => Promise<LookupAddress[]>;

interface DnsCacheOptions {
  readonly ttlMs: number;
  /** The system's resolver unless a test brings its own: it knows /etc/hosts and a cluster's search domains. */
  readonly resolve?: Resolve;
  readonly now?: () => number;
}

interface Known {
  readonly addresses: Promise<readonly LookupAddress[]>;
  readonly expiresAtMs: number;
}

/** All addresses of a name, for a while. Failures are not kept, and callers at the same moment share one question. */
export class DnsCache {
  private readonly known = new LRUCache<string, Known>({ max: MAX_NAMES });
  private readonly ttlMs: number;
  private readonly resolve: Resolve;
  private readonly now: () => number;

  constructor({ ttlMs, resolve, now }: DnsCacheOptions) {
    this.ttlMs = ttlMs;
    this.resolve = resolve ?? ((name) => lookup(name, { all: true }));
    this.now = now ?? (() => performance.now());
  }

  /** @throws what the resolver throws, e.g. ENOTFOUND */
  addressesOf(name: string): Promise<readonly LookupAddress[]> {
    const known = this.known.get(name);
    if (known !== undefined && this.now() < known.expiresAtMs) return known.addresses;
    const addresses = this.resolve(name);
    const asked = { addresses, expiresAtMs: this.now() + this.ttlMs };
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
