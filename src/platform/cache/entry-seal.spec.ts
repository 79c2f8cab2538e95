import { describe, expect, it } from '@jest/globals';
import { EntrySeal } from './entry-seal.js';

const [older, newer] = ['an older secret of more than 32 bytes', 'a newer secret of more than 32 bytes'];
const payload = Buffer.from('{"role":"reader"}');

describe('EntrySeal', () => {
  const seal = new EntrySeal([newer], 'answers', 'build-1');

  it('opens what it sealed, as bytes and as text', () => {
    expect(seal.open('k', seal.seal('k', payload))).toEqual(payload);
    expect(seal.openText('k', seal.sealText('k', 'geändert'))).toBe('geändert');
  });

  it('opens on another replica, and under a secret that is not the first any more', () => {
    const ring = new EntrySeal([newer, older], 'answers', 'build-1');
    expect(ring.open('k', seal.seal('k', payload))).toEqual(payload);
    const before = new EntrySeal([older], 'answers', 'build-1');
    expect(ring.open('k', before.seal('k', payload))).toEqual(payload);
    expect(before.open('k', ring.seal('k', payload))).toBeUndefined();
  });

  it.each([
    ['another key of Redis', seal.seal('other', payload)],
    ['another build', new EntrySeal([newer], 'answers', 'build-2').seal('k', payload)],
    ['another kind', new EntrySeal([newer], 'objects', 'build-1').seal('k', payload)],
    ['another secret', new EntrySeal([older], 'answers', 'build-1').seal('k', payload)],
    ['no seal', payload],
    ['nothing', Buffer.alloc(0)],
  ])('refuses an entry of %s', (_, sealed) => {
    expect(seal.open('k', sealed)).toBeUndefined();
  });

  it('refuses an entry of which any byte was changed, or the last one is missing', () => {
    const sealed = seal.seal('k', payload);
    for (const index of sealed.keys()) {
      const changed = Buffer.from(sealed);
      changed[index]! ^= 1;
      expect(seal.open('k', changed)).toBeUndefined();
    }
    expect(seal.open('k', sealed.subarray(0, -1))).toBeUndefined();
  });

  it.each([undefined, null, 7, {}, '', 'short', 'x'.repeat(200)])('refuses %p as text', (sealed) => {
    expect(seal.openText('k', sealed)).toBeUndefined();
  });
});
