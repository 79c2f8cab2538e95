import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeCursor, encodeCursor, MAX_CURSOR_LENGTH } from './cursor.js';

const position = { key: Date.parse('2024-02-29T12:34:56.789Z'), id: 2_147_483_647 };
const cursor = encodeCursor(position, 'category=a');

describe('decodeCursor', () => {
  it('gives back every position, to the millisecond', () => {
    const positions = fc.record({
      createdAt: fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
      id: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    });
    fc.assert(
      fc.property(positions, fc.string(), ({ createdAt, id }, list) => {
        const given = { key: createdAt.getTime(), id };
        expect(decodeCursor(encodeCursor(given, list), list)).toEqual(given);
      }),
    );
  });

  it('gives back every title', () => {
    const positions = fc.record({
      key: fc
        .string({ unit: 'binary', maxLength: 200 })
        .filter((text) => text.isWellFormed() && !text.includes('\0')),
      id: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    });
    fc.assert(
      fc.property(positions, fc.string(), (given, list) => {
        const encoded = encodeCursor(given, list);
        expect(encoded.length).toBeLessThanOrEqual(MAX_CURSOR_LENGTH);
        expect(decodeCursor(encoded, list, 'text')).toEqual(given);
      }),
    );
  });

  it('refuses a title in a list that is sorted by time, and what PostgreSQL cannot store', () => {
    expect(decodeCursor(encodeCursor({ key: 'title', id: 1 }, ''), '')).toBeNull();
    expect(decodeCursor(encodeCursor({ key: 'a\0b', id: 1 }, ''), '', 'text')).toBeNull();
    expect(decodeCursor(encodeCursor({ key: -1, id: 1 }, ''), '', 'text')).toBeNull();
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
