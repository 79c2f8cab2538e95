import ipaddr from 'ipaddr.js';

/**
 * All unreadable addresses count as one client, because a proxy may pass on whatever it was sent. A forged address
 * gains nothing.
 */
const UNREADABLE = 'unreadable';
/** Longer than any address with a port and a zone. */
const MAX_LENGTH = 100;
const GROUPS_OF_A_NETWORK = 4;

/** Parses an address as proxies write it: with or without port, brackets and zone. */
function addressOf(text: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(text)?.[1];
  const [address = ''] = (bracketed ?? text).split('%', 1);
  return bracketed === undefined ? (/^([\d.]+):\d{1,5}$/.exec(address)?.[1] ?? address) : address;
}

/**
 * The network that a limit per address treats as one client: an IPv4 address in any form, or the /64 of an IPv6 address, because a
 * subscriber gets a whole /64 and can change addresses within it.
 */
export function clientNetwork(ip: string): string {
  if (ip.length > MAX_LENGTH) return UNREADABLE;
  const address = addressOf(ip.trim());
  if (ipaddr.IPv4.isValidFourPartDecimal(address)) return ipaddr.IPv4.parse(address).toString();
  if (!ipaddr.IPv6.isValid(address)) return UNREADABLE;
  const parsed = ipaddr.IPv6.parse(address);
  if (parsed.isIPv4MappedAddress()) return parsed.toIPv4Address().toString();
  const network = parsed.parts.slice(0, GROUPS_OF_A_NETWORK);
  return `${network.map((group) => group.toString(16)).join(':')}::/64`;
}
