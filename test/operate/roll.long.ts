import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { GRACE_MS, Rehearsal } from './rehearsal.js';

const ROLLS = 5;
const LEAST_REQUESTS = 50_000;
const MINUTES = 60_000;

describe('three replicas behind HAProxy, rolled five times under reads and writes', () => {
  let rehearsal: Rehearsal;
  beforeAll(async () => {
    rehearsal = await Rehearsal.start();
  }, MINUTES);
  afterAll(() => rehearsal.end(), MINUTES);

  it(
    'fail none of 50,000 requests, lose no acknowledged write, and exit with 0 within their grace',
    async () => {
      for (let roll = 0; roll < ROLLS; roll += 1) {
        for (const index of rehearsal.replicas.ports.keys())
          await rehearsal.replaceUnderAwkwardClients(index);
      }
      while (rehearsal.load.requests < LEAST_REQUESTS) await sleep(100);
      await rehearsal.load.stop();
      const { load, exits, uploads } = rehearsal;
      const longestMs = Math.max(...exits.map(({ ms }) => ms));
      process.stdout.write(
        `${load.requests} requests, ${load.failures.length} failed; ${load.acknowledged.size} posts and ${uploads.length} ` +
          `slow uploads acknowledged; ${exits.length} exits, the longest after ${Math.round(longestMs)} ms\n`,
      );
      expect(load.failures).toEqual([]);
      expect(await rehearsal.missing()).toEqual([]);
      expect(exits.map(({ code }) => code)).toEqual(Array.from({ length: 3 * ROLLS }, () => 0));
      expect(longestMs).toBeLessThan(GRACE_MS);
    },
    15 * MINUTES,
  );
});
