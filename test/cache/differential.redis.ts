import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { setTimeout as sleep } from 'node:timers/promises';
import { promote } from '../support/accounts.js';
import { everyRead } from './every-read.js';
import { perform, type RandomWrite, randomWrite } from './random-writes.js';
import { Twins } from './twins.js';
import { Scene, World } from './world.js';

/**
 * For the long test: `DIFFERENTIAL_SECONDS=600 npm test -- test/cache/differential`. A failure prints its seed, and
 * `DIFFERENTIAL_SEED=<seed>` repeats the same writes.
 */
const SECONDS = Number(process.env['DIFFERENTIAL_SECONDS'] ?? 25);
const AT_MOST_SECONDS = 4 * SECONDS;
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

  /** @returns the first difference that persists */
  async function differenceAfter({ isElsewhere }: RandomWrite, world: World): Promise<string | undefined> {
    const deadline = Date.now() + LEARNS_WITHIN_MS;
    for (;;) {
      const difference = await twins.compare(everyRead(world));
      // The processes do not acknowledge each other's writes, so the cached one learns of them at its own pace.
      if (difference === undefined || !isElsewhere || Date.now() > deadline) return difference;
      await sleep(10);
    }
  }

  /** One sequence, starting from an empty database, for as long as time permits. */
  async function run(writes: readonly RandomWrite[], isOver: () => boolean): Promise<void> {
    const world = await newWorld();
    for (const write of writes) {
      if (isOver()) return;
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
      const startedAt = Date.now();
      const fromRedis = (): number => twins.share('cached', /detail=redis/);
      // A busy machine does less in that time, so the test also waits for a first answer from Redis.
      const isOver = (): boolean => {
        const seconds = (Date.now() - startedAt) / 1000;
        return seconds > AT_MOST_SECONDS || (seconds > SECONDS && fromRedis() > 0);
      };
      const sequence = fc.noBias(fc.array(randomWrite, { minLength: 20, maxLength: 40, size: 'max' }));
      const property = fc.asyncProperty(sequence, (writes) => run(writes, isOver));
      for (let each = seed; each === seed || (GIVEN_SEED === undefined && !isOver()); each += 1)
        await fc.assert(property, { seed: each, numRuns: 1 });
      // Otherwise nothing was tested.
      expect(writesMade).toBeGreaterThan(10);
      expect(twins.share('cached', /^inkwell; (hit|fwd=stale)/)).toBeGreaterThan(0.2);
      expect(fromRedis()).toBeGreaterThan(0);
      expect(twins.share('uncached', /hit|stale|stored/)).toBe(0);
    },
    (AT_MOST_SECONDS + 60) * 1000,
  );
});
