import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { historiesOf } from '../../src/platform/cache-samples/cache-history.js';
import { minuteOf } from '../../src/platform/cache-samples/cache-sampler.js';
import { CacheWatch } from '../../src/platform/cache-samples/cache-watch.js';
import { Housekeeping } from '../../src/platform/database/housekeeping.js';
import { api } from '../support/api.js';
import { query } from '../support/database.js';
import { type Inkwell, LONG_LEASE, startInkwell } from '../support/start-inkwell.js';

let one: Inkwell;
let other: Inkwell;
beforeAll(async () => {
  one = await startInkwell(LONG_LEASE);
  other = await startInkwell(LONG_LEASE, { databaseUrl: one.databaseUrl });
});
afterAll(async () => {
  await other.close();
  await one.close();
});

const watch = (inkwell: Inkwell) => inkwell.app.get(CacheWatch, { strict: false });

describe('the samples of the caches', () => {
  it('come from every process, whichever is asked', async () => {
    for (let i = 0; i < 3; i += 1) await api(one).get('/blog/api/categories');
    for (let i = 0; i < 2; i += 1) await api(other).get('/blog/api/categories');
    for (const asked of [one, other]) {
      const replicas = await watch(asked).collect();
      expect(replicas.map(({ holdsLease }) => holdsLease)).toEqual([true, true]);
      expect(replicas.filter(({ isAsker }) => isAsker)).toHaveLength(1);
      expect(replicas.map(({ report }) => report?.pid)).toEqual([process.pid, process.pid]);
      const samples = replicas.flatMap(({ report }) => report?.samples ?? []);
      const found = historiesOf(samples, minuteOf(Date.now())).find(({ cache }) => cache === 'categories')!;
      expect(found.total.hits + found.total.misses).toBe(5);
      expect(found.total.misses).toBeGreaterThan(0);
      expect(found.total.p50).toBeGreaterThan(0);
    }
  });

  it('are collected for several askers at once', async () => {
    const answers = await Promise.all([one, other, one, other].map((asked) => watch(asked).collect()));
    for (const replicas of answers)
      expect(replicas.map(({ report }) => report === undefined)).toEqual([false, false]);
  });

  it('are missing of a process that does not answer', async () => {
    const dead = '00000000-0000-4000-8000-000000000001';
    await query(one, `INSERT INTO replica VALUES ($1, now())`, [dead]);
    const replicas = await watch(one).collect();
    expect(replicas.find(({ id }) => id === dead)).toEqual({
      id: dead,
      holdsLease: false,
      isAsker: false,
      report: undefined,
    });
    expect(replicas.filter(({ report }) => report !== undefined)).toHaveLength(2);
    await query(one, 'DELETE FROM replica WHERE id = $1', [dead]);
  });

  it('are deleted when nobody has asked for a while', async () => {
    await watch(one).collect();
    await query(one, `UPDATE cache_samples SET at = at - interval '11 minutes'`);
    const deleted = await one.app.get(Housekeeping).sweep();
    expect(deleted.get('cache samples')).toBe(2);
  });
});
