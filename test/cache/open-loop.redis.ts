import { describe, expect, it } from '@jest/globals';
import { CacheInvalidator } from '../../src/platform/cache/cache-invalidator.js';
import { type CacheCounts, CacheTally } from '../../src/platform/cache/cache-tally.js';
import { Random } from '../../src/transfer/random.js';
import { registerAndLogin } from '../support/accounts.js';
import { startInkwell } from '../support/start-inkwell.js';
import { holdReplies, OpenLoop } from './open-loop.js';
import { everyThing } from './things.js';

/** For the long test: `OPEN_LOOP_SECONDS=120 npm test -- test/cache/open-loop`. A failure prints its seed. */
const OPEN_LOOP_SECONDS = Number(process.env['OPEN_LOOP_SECONDS'] ?? 6);
const GIVEN_SEED = process.env['OPEN_LOOP_SEED'];
const seed = GIVEN_SEED === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(GIVEN_SEED);
const FORGETS_EVERY_MS = 250;

describe('an instance that is written to while it is read', () => {
  const total = (counts: readonly CacheCounts[], of: (each: CacheCounts) => number): number =>
    counts.reduce((sum, each) => sum + of(each), 0);

  it(
    'answers nothing older than the last write acknowledged before the read began',
    async () => {
      const inkwell = await startInkwell();
      const random = new Random(seed);
      const { things, probes } = await everyThing(inkwell, await registerAndLogin(inkwell, 'author-1'));
      holdReplies(inkwell, random, 30);
      const loop = new OpenLoop(inkwell, random, things, probes);
      // From then on Redis answers, including with entries from before the writes.
      const forgetting = setInterval(() => {
        for (const app of inkwell.apps) app.get(CacheInvalidator).clear();
      }, FORGETS_EVERY_MS);
      await loop.run({ readsPerSecond: 250, writesPerSecond: 50, ms: OPEN_LOOP_SECONDS * 1000 });
      clearInterval(forgetting);
      const counts = inkwell.apps.flatMap((app) => [...app.get(CacheTally).all().values()]);
      await inkwell.close();
      expect({ seed, violations: loop.violations.slice(0, 5) }).toEqual({ seed, violations: [] });
      // Otherwise nothing was tested.
      expect(loop.writes).toBeGreaterThan(20);
      expect(total(counts, ({ fenced }) => fenced)).toBeGreaterThan(0);
      expect(total(counts, ({ hits }) => hits.memory)).toBeGreaterThan(0);
      expect(total(counts, ({ hits }) => hits.redis)).toBeGreaterThan(0);
    },
    (OPEN_LOOP_SECONDS + 60) * 1000,
  );
});
