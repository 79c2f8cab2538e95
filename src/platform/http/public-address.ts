import ipaddr from 'ipaddr.js';
import { isIP } from 'node:net';

/** Decides whether an address may be connected to. */
export type AddressCheck = (address: string) => boolean;

/** Azure's metadata service for virtual machines has an address that looks public. */
const METADATA = new Set(['168.63.129.16']);

/** The IPv4 address in the last 32 bits, which a NAT64 gateway would connect to. */
const embedded = (address: ipaddr.IPv6): ipaddr.IPv4 => new ipaddr.IPv4(address.toByteArray().slice(-4));

const isPublicV4 = (address: ipaddr.IPv4): boolean =>
  address.range() === 'unicast' && !METADATA.has(address.toString());

function isPublicV6(address: ipaddr.IPv6): boolean {
  if (address.isIPv4MappedAddress()) return isPublicV4(address.toIPv4Address());
  const range = address.range();
  if (range === 'rfc6052') return isPublicV4(embedded(address));
  // Global unicast is 2000::/3. Everything outside it is reserved, whatever the library calls it.
  return range === 'unicast' && (address.parts[0]! & 0xe000) === 0x2000;
}

/**
 * Is this an address of the public Internet? Not private, link-local, loopback, multicast, reserved or tunnelled, and
 * not a cloud's metadata service with its credentials. In every spelling of IPv4, IPv6, mapped IPv4 and NAT64.
 */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0) return false;
  const parsed = ipaddr.parse(address);
  return parsed instanceof ipaddr.IPv4 ? isPublicV4(parsed) : isPublicV6(parsed);
}
