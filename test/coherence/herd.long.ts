import { describe, expect, it } from '@jest/globals';
import { herd } from './directed/herd.js';
import { Stand } from './directed/stand.js';

const TIMEOUT_MS = 240_000;
const WRITES = 20;
const READERS = 1_000;

describe('a thousand readers at each of three replicas after each of twenty writes', () => {
  it.each([
    ['one query a write with Redis', true, WRITES],
    ['at most one a write and replica without', false, 3 * WRITES],
  ])(
    'make %s',
    async (_, hasRedis, most) => {
      const stand = await Stand.start({ replicas: 3, hasRedis });
      const { fills, complaints } = await herd(stand, WRITES, READERS).finally(() => stand.stop());
      expect(complaints).toEqual([]);
      expect(fills).toBeGreaterThanOrEqual(WRITES);
      expect(fills).toBeLessThanOrEqual(most);
    },
    TIMEOUT_MS,
  );
});
