import ipaddr from 'ipaddr.js';
import { isIP } from 'node:net';

/** Whether an address may be connected to. */
export type AddressCheck = (address: string) => boolean;

/** Azure answers its virtual machines about themselves at an address that looks public. */
const METADATA = new Set(['168.63.129.16']);

/** The IPv4 address in the last 32 bits, where a NAT64 gateway would connect to. */
const embedded = (address: ipaddr.IPv6): ipaddr.IPv4 => new ipaddr.IPv4(address.toByteArray().slice(-4));

const isPublicV4 = (address: ipaddr.IPv4): boolean =>
  address.range() === 'unicast' && !METADATA.has(address.toString());

function isPublicV6(address: ipaddr.IPv6): boolean {
  if (address.isIPv4MappedAddress()) return isPublicV4(address.toIPv4Address());
  const range = address.range();
  if (range === 'rfc6052') return isPublicV4(embedded(address));
  // Global unicast is 2000::/3; what lies outside of it is reserved, whatever it is called.
  return range === 'unicast' && (address.parts[0]! & 0xe000) === 0x2000;
}

/**
 * Whether an address belongs to the public Internet: not private, link-local, loopback, multicast, reserved, tunnelled,
 * nor where a cloud tells its machines their credentials. In every spelling of v4, v6, mapped v4 and NAT64.
 */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0) return false;
  const parsed = ipaddr.parse(address);
  return parsed instanceof ipaddr.IPv4 ? isPublicV4(parsed) : isPublicV6(parsed);
}
