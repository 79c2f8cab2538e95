import { describe, expect, it } from '@jest/globals';
import { keyRing } from './key-ring.js';

const [older, newer] = ['an older secret of more than 32 bytes', 'a newer secret of more than 32 bytes'];

describe('keyRing', () => {
  it('derives the same keys from the same secrets, on every replica', () => {
    expect(keyRing([newer, older], 'tests')).toEqual(keyRing([newer, older], 'tests'));
  });

  it('puts the key of the first secret in use and keeps the others', () => {
    const ring = keyRing([newer, older], 'tests');
    expect(ring.current).toEqual(keyRing([newer], 'tests').current);
    expect(ring.all.map(({ id }) => id)).toContain(keyRing([older], 'tests').current.id);
  });

  it('derives another key for another purpose', () => {
    expect(keyRing([newer], 'one').current.bytes).not.toEqual(keyRing([newer], 'other').current.bytes);
  });

  it('refuses an empty ring', () => {
    expect(() => keyRing([], 'tests')).toThrow('There is no secret');
  });
});
