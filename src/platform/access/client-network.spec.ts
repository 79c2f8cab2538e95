import { describe, expect, it } from '@jest/globals';
import { clientNetwork } from './client-network.js';

describe('clientNetwork', () => {
  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['::FFFF:203.0.113.9', '203.0.113.9'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2:ffff::1', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['64:ff9b::203.0.113.9', '64:ff9b:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('counts %s as %s', (ip, network) => expect(clientNetwork(ip)).toBe(network));

  it.each([
    ['a port', '203.0.113.9:4711', '203.0.113.9'],
    ['a port after brackets', '[2001:db8:1:2::9]:443', '2001:db8:1:2::/64'],
    ['brackets', '[2001:db8:1:2::9]', '2001:db8:1:2::/64'],
    ['spaces', ' 203.0.113.9 ', '203.0.113.9'],
    ['a mapped address in hexadecimal', '::ffff:cb00:7109', '203.0.113.9'],
    ['a mapped address in full', '0:0:0:0:0:ffff:203.0.113.9', '203.0.113.9'],
    ['a mapped address, half in zeros', '::0:ffff:203.0.113.9', '203.0.113.9'],
    ['a mapped address with a port', '[::ffff:203.0.113.9]:80', '203.0.113.9'],
  ])('counts an address with %s as the same address', (_, ip, network) =>
    expect(clientNetwork(ip)).toBe(network),
  );

  it('counts everything that is no address as one', () => {
    const texts = [
      '',
      'unknown',
      '_hidden',
      'x'.repeat(1000),
      '1.2.3',
      '1.2.3.4.5',
      '0x7f.1',
      '[::1',
      '1.2.3.4:a',
    ];
    expect(new Set(texts.map(clientNetwork))).toEqual(new Set(['unreadable']));
  });

  it('counts two addresses of one /64 as one, of two /64 as two', () => {
    expect(clientNetwork('2001:db8:1:2::a')).toBe(clientNetwork('2001:db8:1:2:ffff:ffff:ffff:ffff'));
    expect(clientNetwork('2001:db8:1:2::a')).not.toBe(clientNetwork('2001:db8:1:3::a'));
  });
});
