import { isIPv6 } from 'node:net';

/** A proxy that passes on what it was sent may name anything as the address. */
const MAX_LENGTH = 45;
const GROUPS = 8;
const GROUPS_OF_A_NETWORK = 4;

/** The eight groups of an IPv6 address; its last two may be written as IPv4. */
function groupsOf(address: string): string[] {
  const [head = '', tail] = address.split('::');
  const split = (part: string): string[] => (part === '' ? [] : part.split(':'));
  if (tail === undefined) return split(head);
  const [left, right] = [split(head), split(tail)];
  const zeros = GROUPS - left.length - right.length - (tail.includes('.') ? 1 : 0);
  return [...left, ...Array.from({ length: zeros }, () => '0'), ...right];
}

/**
 * Whom a limit by address counts as one: an IPv4 address, or the /64 of an IPv6 address, since that is what one
 * subscriber is given and may change addresses in.
 */
export function clientNetwork(ip: string): string {
  const [address = ''] = ip.split('%', 1);
  if (!isIPv6(address)) return address.slice(0, MAX_LENGTH);
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const network = groupsOf(address.toLowerCase()).slice(0, GROUPS_OF_A_NETWORK);
  return `${network.map((group) => parseInt(group, 16).toString(16)).join(':')}::/64`;
}
