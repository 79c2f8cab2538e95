import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeCursor, encodeCursor } from './cursor.js';

const position = { createdAt: Date.parse('2024-02-29T12:34:56.789Z'), id: 2_147_483_647 };
const cursor = encodeCursor(position, 'category=a');

describe('decodeCursor', () => {
  it('gives back every position, to the millisecond', () => {
    const positions = fc.record({
      createdAt: fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
      id: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    });
    fc.assert(
      fc.property(positions, fc.string(), ({ createdAt, id }, list) => {
        const given = { createdAt: createdAt.getTime(), id };
        expect(decodeCursor(encodeCursor(given, list), list)).toEqual(given);
      }),
    );
  });

  it('refuses the cursor of another list', () => {
    expect(decodeCursor(cursor, 'category=a')).toEqual(position);
    expect(decodeCursor(cursor, 'category=b')).toBeNull();
  });

  it('refuses a cursor with any character changed', () => {
    for (let i = 0; i < cursor.length; i += 1) {
      const changed = cursor.slice(0, i) + (cursor[i] === 'A' ? 'B' : 'A') + cursor.slice(i + 1);
      expect(decodeCursor(changed, 'category=a')).toBeNull();
    }
  });

  it.each(['', 'x', 'null', '=', `${cursor}=`, `${cursor}A`, cursor.slice(1), '%%%', 'é'.repeat(27)])(
    'refuses %j',
    (garbage) => {
      expect(decodeCursor(garbage, 'category=a')).toBeNull();
    },
  );
});
