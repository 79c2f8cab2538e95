import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { type Account, login, promote, registerAndLogin, PASSWORD } from '../support/accounts.js';
import { api, type ApiResponse } from '../support/api.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';
import { newPost, POSTS, written } from '../blog/posts.js';
import { made, WEBHOOKS } from '../webhooks/hooks.js';

let inkwell: Inkwell;
let ada: Account;
let eve: Account;
let holder: Client;
beforeAll(async () => {
  inkwell = await startInkwell({ LOG_LEVEL: 'fatal', DATABASE_POOL_MAX: '20' });
  [ada, eve] = await Promise.all([registerAndLogin(inkwell, 'ada'), registerAndLogin(inkwell, 'eve')]);
  await promote(inkwell, 'ada', 'admin');
  holder = new Client({ connectionString: inkwell.databaseUrl });
  await holder.connect();
});
afterAll(async () => {
  await holder.end();
  await inkwell.close();
});

async function timed<T>(answer: Promise<T>): Promise<T & { readonly ms: number }> {
  const startedAt = performance.now();
  const answered = await answer;
  return { ...answered, ms: performance.now() - startedAt };
}

describe('a write that meets a row which another session holds', () => {
  it('is answered with 503 and Retry-After after five seconds, on every route, and changes nothing', async () => {
    const post = await written(inkwell, ada, { category_name: 'Held' });
    const hook = await made(inkwell, ada, 'https://hooks.example.org/inkwell');
    const { token: other } = await login(inkwell, 'eve');
    const { post: send, patch, put, delete: remove, deleteWith } = api(inkwell);
    const requests: readonly (() => Promise<ApiResponse<Record<string, unknown>>>)[] = [
      () => patch(`${POSTS}/${post.id}`, { title: 'Mine' }, ada.token),
      () => put(`${POSTS}/${post.id}`, newPost(), ada.token),
      () => remove(`${POSTS}/${post.id}`, ada.token, { 'if-match': '*' }),
      () => send(POSTS, newPost({ category_name: 'Held' }), ada.token),
      () => patch('/api/users/eve', { bio: 'Mine' }, eve.token),
      () => put('/api/users/eve', { bio: 'Mine' }, eve.token),
      () => deleteWith('/api/users/eve', { current_password: PASSWORD }, ada.token),
      () => send('/api/logout', undefined, eve.token),
      () => send('/api/logout-all', undefined, other),
      () => patch(`${WEBHOOKS}/${hook.id}`, { description: 'Mine' }, ada.token),
      () => remove(`${WEBHOOKS}/${hook.id}`, ada.token),
    ];
    await holder.query('BEGIN');
    for (const table of ['posts', 'categories', 'users', 'sessions', 'webhooks'])
      await holder.query(`SELECT FROM ${table} FOR UPDATE`);
    const answers = await Promise.all(requests.map((request) => timed(request())));
    await holder.query('ROLLBACK');
    for (const { status, body, headers, ms } of answers) {
      expect([status, body['code']]).toEqual([503, 'write.lock_timeout']);
      expect(headers.get('retry-after')).toBe('1');
      expect(headers.get('content-type')).toContain('application/problem+json');
      expect(ms).toBeGreaterThan(4_500);
      // Not the 15 s after which PostgreSQL ends any statement.
      expect(ms).toBeLessThan(14_000);
    }
    expect((await api(inkwell).get(`${POSTS}/${post.id}`)).body).toEqual(post);
    expect((await api(inkwell).get('/api/users/eve')).body).toMatchObject({ bio: '' });
    expect((await requests[0]!()).status).toBe(200);
  });
});
