import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { register } from '../support/accounts.js';
import { api } from '../support/api.js';
import { query } from '../support/database.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';

const SAMPLES = 15;

let inkwell: Inkwell;
beforeAll(async () => {
  inkwell = await startInkwell();
  await register(inkwell, 'known');
  await query(inkwell, `INSERT INTO users (username, role) VALUES ('imported', 'author')`);
});
afterAll(() => inkwell.close());

async function refusalMs(username: string): Promise<number> {
  const startedAt = performance.now();
  const { status } = await api(inkwell).post('/api/login', { username, password: 'a wrong guess' });
  expect(status).toBe(401);
  return performance.now() - startedAt;
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

describe('POST /api/login', () => {
  it('takes as long for an unknown name and an account without a password as for a wrong password', async () => {
    const names = ['known', 'nobody', 'imported'];
    const times = new Map<string, number[]>(names.map((name) => [name, []]));
    // Interleaved, so that whatever else the machine does falls on all of them alike.
    for (let round = 0; round < SAMPLES; round += 1)
      for (const name of names) times.get(name)!.push(await refusalMs(name));
    const [known, ...others] = names.map((name) => median(times.get(name)!));
    for (const other of others) {
      expect(other / known!).toBeGreaterThan(0.8);
      expect(other / known!).toBeLessThan(1.25);
    }
    expect(known).toBeGreaterThan(95);
  });
});
