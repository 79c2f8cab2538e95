import { describe, expect, it } from '@jest/globals';
import { shownAddress } from './shown-address.js';

describe('shownAddress', () => {
  it.each([
    ['203.0.113.9', '203.0.113.0/24', '203.0.113.9'],
    ['::ffff:203.0.113.9', '203.0.113.0/24', '203.0.113.9'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1::/48', '2001:db8:1:2:3:4:5:6'],
    ['not an address', undefined, undefined],
  ])('tells of %s the network %s, in full %s, and nothing with none', (ip, network, full) => {
    expect([shownAddress(ip, 'network'), shownAddress(ip, 'full'), shownAddress(ip, 'none')]).toEqual([
      network,
      full,
      undefined,
    ]);
  });
});
