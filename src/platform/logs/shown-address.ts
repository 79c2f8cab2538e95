import ipaddr from 'ipaddr.js';
import type { Config } from '../../config.js';

const NETWORK_BITS = { ipv4: 24, ipv6: 48 } as const;

/**
 * A client address in the form that LOG_CLIENT_ADDRESS allows. Undefined if it may not be logged or is not an address.
 */
export function shownAddress(ip: string, detail: Config['logClientAddress']): string | undefined {
  if (detail === 'none' || !ipaddr.isValid(ip)) return undefined;
  const address = ipaddr.process(ip);
  if (detail === 'full') return address.toString();
  const bits = NETWORK_BITS[address.kind()];
  const network = address.kind() === 'ipv4' ? ipaddr.IPv4 : ipaddr.IPv6;
  return `${network.networkAddressFromCIDR(`${address.toString()}/${bits}`).toString()}/${bits}`;
}
