import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { setTimeout as sleep } from 'node:timers/promises';
import { promote } from '../support/accounts.js';
import { everyRead } from './every-read.js';
import { perform, type RandomWrite, randomWrite } from './random-writes.js';
import { Twins } from './twins.js';
import { Scene, World } from './world.js';

/**
 * For the long test: `DIFFERENTIAL_SECONDS=600 npm test -- test/cache/differential`. A failure says its seed, and
 * `DIFFERENTIAL_SEED=<seed>` makes the same writes again.
 */
const SECONDS = Number(process.env['DIFFERENTIAL_SECONDS'] ?? 25);
const GIVEN_SEED = process.env['DIFFERENTIAL_SEED'];
const seed = GIVEN_SEED === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(GIVEN_SEED);
const LEARNS_WITHIN_MS = 5_000;

describe('an instance with every cache', () => {
  let twins: Twins;
  let writesMade = 0;
  beforeAll(async () => {
    twins = await Twins.start();
  });
  afterAll(() => twins.close());

  async function newWorld(): Promise<World> {
    await twins.reset();
    const world = new World();
    await new Scene(world, twins.cached, 0).register('root-1');
    await promote(twins.cached, 'root-1', 'admin');
    return world;
  }

  /** @returns the first difference that stays */
  async function differenceAfter({ isElsewhere }: RandomWrite, world: World): Promise<string | undefined> {
    const deadline = Date.now() + LEARNS_WITHIN_MS;
    for (;;) {
      const difference = await twins.compare(everyRead(world));
      // Processes do not acknowledge each other's writes: the cached one learns of it when it learns of it.
      if (difference === undefined || !isElsewhere || Date.now() > deadline) return difference;
      await sleep(10);
    }
  }

  /** One sequence from an empty database on, as far as there is time for it. */
  async function run(writes: readonly RandomWrite[], deadline: number): Promise<void> {
    const world = await newWorld();
    for (const write of writes) {
      if (Date.now() > deadline) return;
      const scene = new Scene(world, write.isElsewhere ? twins.uncached : twins.cached, write.seed);
      await perform(write.kind, scene);
      writesMade += 1;
      const difference = await differenceAfter(write, world);
      if (difference !== undefined) throw new Error(`${difference}\n after\n${world.history.join('\n')}`);
      await twins.rememberNextPages(world);
    }
  }

  it(
    'answers as one without any, whatever was written, to everybody',
    async () => {
      const deadline = Date.now() + SECONDS * 1000;
      const sequence = fc.noBias(fc.array(randomWrite, { minLength: 20, maxLength: 40, size: 'max' }));
      const property = fc.asyncProperty(sequence, (writes) => run(writes, deadline));
      for (let each = seed; each === seed || (GIVEN_SEED === undefined && Date.now() < deadline); each += 1)
        await fc.assert(property, { seed: each, numRuns: 1 });
      // Or nothing was tested.
      expect(writesMade).toBeGreaterThan(10);
      expect(twins.share('cached', /^inkwell; (hit|fwd=stale)/)).toBeGreaterThan(0.2);
      expect(twins.share('cached', /detail=redis/)).toBeGreaterThan(0);
      expect(twins.share('uncached', /hit|stale|stored/)).toBe(0);
    },
    (SECONDS + 60) * 1000,
  );
});
