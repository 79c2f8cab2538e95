import type { LookupAddress, LookupOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { AddressRefused } from './address-refused.js';
import type { DnsCache } from './dns-cache.js';
import type { AddressCheck } from './public-address.js';

const FAMILIES: Readonly<Record<string, number>> = { IPv4: 4, IPv6: 6 };

function ofFamily(found: readonly LookupAddress[], { family = 0 }: LookupOptions): readonly LookupAddress[] {
  const requested = typeof family === 'string' ? FAMILIES[family] : family;
  return requested === 0 ? found : found.filter((address) => address.family === requested);
}

function noAddress(hostname: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${hostname} has no address`), { code: 'ENOTFOUND' });
}

/**
 * The look-up function of sockets. It hides addresses that are not allowed. The sockets connect to the very answer that
 * was checked, so a name that changes its address in between gains nothing.
 */
export function pooledLookup(dns: DnsCache, allows: AddressCheck | undefined): LookupFunction {
  return (hostname, options, callback) => {
    const answer = (found: readonly LookupAddress[]): void => {
      const addresses = ofFamily(found, options);
      const allowed = allows === undefined ? addresses : addresses.filter(({ address }) => allows(address));
      const first = allowed[0];
      if (first === undefined)
        callback(addresses.length > 0 ? new AddressRefused(hostname) : noAddress(hostname), '', 0);
      else if (options.all === true) callback(null, [...allowed]);
      else callback(null, first.address, first.family);
    };
    dns.addressesOf(hostname).then(answer, (error: NodeJS.ErrnoException) => callback(error, '', 0));
  };
}
