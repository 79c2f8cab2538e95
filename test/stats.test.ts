import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Pool } from 'pg';
import { type Account, PASSWORD, promote, registerAndLogin } from './support/accounts.js';
import { api } from './support/documented-api.js';
import { type Inkwell, LONG_LEASE, startInkwell } from './support/start-inkwell.js';
import { POSTS, written } from './blog/posts.js';

let inkwell: Inkwell;
let other: Inkwell;
let ada: Account;
beforeAll(async () => {
  inkwell = await startInkwell(LONG_LEASE);
  other = await startInkwell({}, { databaseUrl: inkwell.databaseUrl });
  ada = await registerAndLogin(inkwell, 'ada');
  await promote(inkwell, 'ada', 'admin');
});
afterAll(async () => {
  await other.close();
  await inkwell.close();
});

/** The number of posts, categories and users according to each of two replicas. */
const counted = (): Promise<number[][]> =>
  Promise.all(
    [inkwell, other].map(async (on) => {
      const { body } = await api(on).get<{ posts: number; categories: number; users: number }>('/stats');
      return [body.posts, body.categories, body.users];
    }),
  );
const onBoth = (...counts: number[]): number[][] => [counts, counts];

describe('GET /stats', () => {
  it('is exact after every write, on every replica', async () => {
    expect(await counted()).toEqual(onBoth(0, 1, 1));
    const { id } = await written(inkwell, ada, { category_name: 'Lab' });
    expect(await counted()).toEqual(onBoth(1, 2, 1));
    await api(inkwell).patch(`${POSTS}/${id}`, { status: 'draft' }, ada.token);
    expect(await counted()).toEqual(onBoth(0, 1, 1));
    await api(inkwell).patch(`${POSTS}/${id}`, { status: 'published' }, ada.token);
    expect(await counted()).toEqual(onBoth(1, 2, 1));
    const eve = await registerAndLogin(other, 'eve');
    expect(await counted()).toEqual(onBoth(1, 2, 2));
    await api(inkwell).delete(`${POSTS}/${id}`, ada.token);
    expect(await counted()).toEqual(onBoth(0, 1, 2));
    const removed = await api(inkwell).deleteWith(
      `/api/users/${eve.id}`,
      { current_password: PASSWORD },
      ada.token,
    );
    expect(removed.status).toBe(204);
    expect(await counted()).toEqual(onBoth(0, 1, 1));
  });

  it('counts once however many ask', async () => {
    await written(inkwell, ada);
    const query = jest.spyOn(inkwell.app.get(Pool), 'query');
    await Promise.all(Array.from({ length: 50 }, () => api(inkwell).get('/stats')));
    const counts = query.mock.calls.filter(([text]) => String(text).includes('server_version'));
    query.mockRestore();
    // One for each side. Without a lease, as on a busy machine, one more of each.
    expect(counts.length).toBeLessThanOrEqual(4);
  });
});
