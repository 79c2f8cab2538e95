import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Account, PASSWORD, promote, registerAndLogin, removeAccount } from '../support/accounts.js';
import { api } from '../support/documented-api.js';
import { outboxOf, query } from '../support/database.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';

let inkwell: Inkwell;
beforeAll(async () => {
  inkwell = await startInkwell();
});
afterAll(() => inkwell.close());

let count = 0;
const newAccount = (): Promise<Account> => registerAndLogin(inkwell, `user${(count += 1)}`);
const remove = (id: number | string, token?: string) => removeAccount(inkwell, id, token);
const statusOf = async (path: string, token?: string): Promise<number> =>
  (await api(inkwell).get(path, token)).status;
const write = (title: string, token: string) =>
  api(inkwell).post<{ slug: string }>(
    '/blog/api/posts',
    { title, content: 'Text.', category_name: 'News' },
    token,
  );
const get = <Body>(path: string) => api(inkwell).get<Body>(path);

describe('DELETE /api/users/:id', () => {
  it('answers 204 and nothing of the person is left', async () => {
    const account = await newAccount();
    await api(inkwell).patch(
      `/api/users/${account.id}`,
      { display_name: 'Wilhelmina Quill', bio: 'Lives in Ghent.' },
      account.token,
    );
    const { status, body } = await remove(account.id, account.token);
    expect([status, body]).toEqual([204, undefined]);
    expect(await statusOf(`/api/users/${account.id}`)).toBe(404);
    expect(await statusOf(`/api/users/${account.username}`)).toBe(404);
    for (const table of ['users', 'sessions', 'refresh_tokens', 'posts', 'outbox']) {
      const rows = await query<{ row: string }>(inkwell, `SELECT t::text AS row FROM ${table} t`);
      const text = rows.map(({ row }) => row).join('\n');
      expect(text).not.toMatch(new RegExp(`Quill|Ghent|${account.username}@example.org`));
    }
  });

  it('leaves the posts by [deleted], in every answer that showed the author', async () => {
    const account = await newAccount();
    const { slug } = (await write('A post that stays', account.token)).body;
    const lists = ['', '?category=news', '?limit=1'].map((query) => `/blog/api/posts${query}`);
    const authorsIn = async (path: string): Promise<string[]> =>
      (await get<{ author: string }[]>(path)).body.map(({ author }) => author);
    const authorOf = async (): Promise<unknown> =>
      (await get<{ author: string }>(`/blog/api/posts/${slug}`)).body.author;
    for (const path of lists) expect(await authorsIn(path)).toEqual([account.username]);
    expect(await authorsIn(`/blog/api/posts?author=${account.username}`)).toEqual([account.username]);
    expect(await authorOf()).toBe(account.username);
    expect((await remove(account.username, account.token)).status).toBe(204);
    for (const path of lists) expect(await authorsIn(path)).toEqual(['[deleted]']);
    expect(await authorsIn(`/blog/api/posts?author=${account.username}`)).toEqual([]);
    expect(await authorOf()).toBe('[deleted]');
  });

  it('ends the sessions at once and forgets the password', async () => {
    const { id, username, token, refreshToken } = await newAccount();
    await remove(id, token);
    expect(await statusOf('/api/users/me', token)).toBe(401);
    expect((await api(inkwell).post('/api/refresh', { refresh_token: refreshToken })).status).toBe(401);
    expect((await api(inkwell).post('/api/login', { username, password: PASSWORD })).status).toBe(401);
  });

  it('makes the name and the e-mail address free', async () => {
    const { id, username, token } = await newAccount();
    await remove(id, token);
    const again = { username, email: `${username}@example.org`, password: PASSWORD };
    const { status, body } = await api(inkwell).post('/api/register', again);
    expect(status).toBe(201);
    expect(body['id']).not.toBe(id);
  });

  it('records everything that showed the user', async () => {
    const { id, username, token } = await newAccount();
    const [session] = await query<{ id: string }>(inkwell, 'SELECT id FROM sessions WHERE user_id = $1', [
      id,
    ]);
    expect(await outboxOf(inkwell, () => remove(id, token))).toEqual([
      {
        event: 'user.removed',
        tags: [
          `user:${id}`,
          'users',
          `author:${id}`,
          `posts:author:${username}`,
          'posts',
          `session:${session!.id}`,
        ],
        payload: { id, username, session_ids: [session!.id] },
      },
    ]);
  });

  it('refuses no token with 401 and somebody else’s account with 403', async () => {
    const [account, other] = [await newAccount(), await newAccount()];
    expect((await remove(other.id)).status).toBe(401);
    expect((await remove(other.id, account.token)).status).toBe(403);
    expect((await remove(999_999, account.token)).status).toBe(403);
    expect(await statusOf(`/api/users/${other.id}`)).toBe(200);
  });

  it('lets an admin delete any account, and answers 404 to an admin for one that is not there', async () => {
    const [account, boss] = [await newAccount(), await newAccount()];
    await promote(inkwell, boss.username, 'admin');
    expect((await remove(account.id, boss.token)).status).toBe(204);
    expect((await remove(account.id, boss.token)).status).toBe(404);
  });

  it('answers one of two deletions of the same moment with 204', async () => {
    const { id, token } = await newAccount();
    const statuses = (await Promise.all([remove(id, token), remove(id, token)])).map(({ status }) => status);
    expect(statuses.sort()).toEqual([204, expect.any(Number)]);
    expect([401, 404]).toContain(statuses.find((status) => status !== 204));
  });

  it('refuses without a password with 400, and with a wrong one with 403, and deletes nothing', async () => {
    const [account, boss] = [await newAccount(), await newAccount()];
    await promote(inkwell, boss.username, 'admin');
    const path = `/api/users/${account.id}`;
    for (const { token } of [account, boss]) {
      expect((await api(inkwell).delete(path, token)).status).toBe(400);
      const wrong = await api(inkwell).deleteWith(path, { current_password: 'a wrong guess' }, token);
      expect([wrong.status, wrong.body['code']]).toEqual([403, 'user.wrong_password']);
    }
    expect(await statusOf(path)).toBe(200);
  });

  it('deletes the drafts and the categories that only they held, and keeps what is published', async () => {
    const account = await newAccount();
    await write('Stays in public', account.token);
    const draft = { title: 'A private plan', content: 'Text.', category_name: 'Plans', status: 'draft' };
    const id = (await api(inkwell).post('/blog/api/posts', draft, account.token)).body['id'];
    expect((await remove(account.id, account.token)).status).toBe(204);
    expect(await query(inkwell, 'SELECT title FROM posts WHERE id = $1', [id])).toEqual([]);
    expect(await query(inkwell, "SELECT name FROM categories WHERE name = 'Plans'")).toEqual([]);
    expect(await statusOf('/blog/api/posts/stays-in-public')).toBe(200);
  });

  it('refuses the id 9e99 with 400', async () => {
    expect((await remove('9e99', (await newAccount()).token)).status).toBe(400);
  });
});
