import { describe, expect, it } from '@jest/globals';
import { isVisible, parseSnapshot, seesAllOf } from './snapshot.js';

describe('parseSnapshot', () => {
  it('reads the text form of pg_current_snapshot()', () => {
    expect(parseSnapshot('10:20:10,14')).toEqual({ xmax: 20, xip: [10, 14] });
    expect(parseSnapshot('10:10:')).toEqual({ xmax: 10, xip: [] });
  });

  it.each(['', '1:2', 'a:b:c', '1:2:3;4'])('refuses "%s"', (text) => {
    expect(() => parseSnapshot(text)).toThrow('Expected a snapshot');
  });
});

describe('isVisible', () => {
  const snapshot = parseSnapshot('10:20:10,14');
  it.each([
    [9, true],
    [10, false],
    [11, true],
    [14, false],
    [19, true],
    [20, false],
  ])('says of transaction %i: %s', (xid, visible) => {
    expect(isVisible(xid, snapshot)).toBe(visible);
  });
});

describe('seesAllOf', () => {
  const floor = parseSnapshot('10:20:10,14');
  it.each([
    ['10:20:10,14', true],
    ['10:20:10', true],
    ['20:20:', true],
    ['10:19:10,14', false],
    ['10:20:10,11,14', false],
    // A transaction that began after the floor and is still open does not affect what the floor saw.
    ['10:30:10,25', true],
  ])('says of %s: %s', (text, sees) => {
    expect(seesAllOf(parseSnapshot(text), floor)).toBe(sees);
  });
});
