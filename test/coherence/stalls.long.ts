import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Stand } from './directed/stand.js';
import { stallsDuring, TIMED } from './directed/stalls.js';
import { TROUBLES } from './directed/troubles.js';

const TIMEOUT_MS = 240_000;
const ROUNDS = 5;
const MOST_MS = 500;

/** Measured from outside: when PostgreSQL committed, and when the client had its answer. */
describe('two of three replicas, when', () => {
  let stand: Stand;
  const lines: string[] = [];
  beforeAll(async () => {
    stand = await Stand.start({ replicas: 3, postgres: TIMED });
  }, TIMEOUT_MS);
  afterAll(async () => {
    process.stdout.write(`${lines.join('\n')}\n`);
    await stand.stop();
  }, TIMEOUT_MS);

  it.each(TROUBLES.map((trouble) => [trouble.name, trouble] as const))(
    '%s, answer writes within 0.5 s of their COMMIT, and reads at once',
    async (name, trouble) => {
      const { writes, longestWriteMs, reads, longestReadMs, refused } = await stallsDuring(
        stand,
        trouble,
        ROUNDS,
      );
      lines.push(
        `${name.padEnd(46)} ${String(writes).padStart(5)} writes, at most ${longestWriteMs.toFixed(0).padStart(4)} ms after COMMIT · ${String(reads).padStart(6)} reads, at most ${longestReadMs.toFixed(0).padStart(4)} ms · ${refused.length} refused ${[...new Set(refused)].join(', ')}`,
      );
      expect(writes).toBeGreaterThan(2 * ROUNDS);
      expect(longestWriteMs).toBeLessThanOrEqual(MOST_MS);
      // Refusals and delays caused by PostgreSQL's own trouble are not counted.
      expect(trouble.isAnothers ? refused : []).toEqual([]);
      expect(trouble.isAnothers ? longestReadMs : 0).toBeLessThanOrEqual(MOST_MS);
    },
    TIMEOUT_MS,
  );
});
