import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GRACE_MS, Rehearsal } from './rehearsal.js';

describe('three replicas behind HAProxy, under reads and writes', () => {
  let rehearsal: Rehearsal;
  beforeAll(async () => {
    rehearsal = await Rehearsal.start();
  }, 60_000);
  afterAll(() => rehearsal.end(), 30_000);

  it('are replaced one after the other, and no request fails, no acknowledged write is missing', async () => {
    await rehearsal.replaceUnderAwkwardClients(0);
    await rehearsal.replace(1);
    await rehearsal.replace(2);
    await rehearsal.load.stop();
    expect(rehearsal.load.failures).toEqual([]);
    expect(rehearsal.load.requests).toBeGreaterThan(500);
    expect(rehearsal.load.acknowledged.size).toBeGreaterThan(20);
    expect(await rehearsal.missing()).toEqual([]);
    expect(rehearsal.exits.map(({ code }) => code)).toEqual([0, 0, 0]);
    for (const { ms } of rehearsal.exits) expect(ms).toBeLessThan(GRACE_MS);
  }, 120_000);
});
