import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Account, login, PASSWORD, promote, registerAndLogin } from '../support/accounts.js';
import type { ApiResponse, Json } from '../support/api.js';
import { api } from '../support/documented-api.js';
import { outboxOf, query } from '../support/database.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';

const NEW_PASSWORD = 'a loud red bottle';

let inkwell: Inkwell;
let admin: Account;
beforeAll(async () => {
  inkwell = await startInkwell();
  admin = await registerAndLogin(inkwell, 'boss');
  await promote(inkwell, 'boss', 'admin');
});
afterAll(() => inkwell.close());

let count = 0;
const newAccount = (): Promise<Account> => registerAndLogin(inkwell, `user${(count += 1)}`);
const patch = (id: number | string, body: unknown, token?: string): Promise<ApiResponse<Json>> =>
  api(inkwell).patch(`/api/users/${id}`, body, token);
const statusWith = async (token: string): Promise<number> =>
  (await api(inkwell).get('/api/users/me', token)).status;
const loginStatus = async (username: string, password: string): Promise<number> =>
  (await api(inkwell).post('/api/login', { username, password })).status;
const rowOf = async (id: number): Promise<object | undefined> =>
  (await query(inkwell, 'SELECT * FROM users WHERE id = $1', [id]))[0];

describe.each(['PATCH', 'PUT'] as const)('%s /api/users/:id', (method) => {
  const change = (account: Account, body: unknown) =>
    api(inkwell)[method === 'PUT' ? 'put' : 'patch'](`/api/users/${account.id}`, body, account.token);

  it('changes what it names, leaves the rest and answers with the account', async () => {
    const account = await newAccount();
    await change(account, { bio: 'Writes.' });
    const { status, body } = await change(account, { display_name: ' Ada L. ', email: 'ada.l@Example.org' });
    expect(status).toBe(200);
    expect(body).toEqual({
      id: account.id,
      username: account.username,
      email: 'ada.l@example.org',
      display_name: 'Ada L.',
      bio: 'Writes.',
      role: 'author',
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    expect(Date.parse(body['updated_at'] as string)).toBeGreaterThan(
      Date.parse(body['created_at'] as string),
    );
    const profile = await api(inkwell).get(`/api/users/${account.username}`);
    expect(profile.body).toMatchObject({ display_name: 'Ada L.', bio: 'Writes.' });
    await change(account, { email: `${account.username}@example.org` });
  });
});

describe('PATCH /api/users/:id', () => {
  it('finds the account by name too', async () => {
    const account = await newAccount();
    expect((await patch(account.username, { bio: 'By name.' }, account.token)).status).toBe(200);
  });

  it('changes nothing when it names nothing', async () => {
    const account = await newAccount();
    const before = await rowOf(account.id);
    expect((await patch(account.id, {}, account.token)).status).toBe(200);
    expect(await rowOf(account.id)).toEqual(before);
  });

  it('refuses no token with 401', async () => {
    expect((await patch((await newAccount()).id, { bio: 'x' })).status).toBe(401);
  });

  it('refuses somebody else’s account with 403, whether it exists or not', async () => {
    const [account, other] = [await newAccount(), await newAccount()];
    const before = await rowOf(other.id);
    for (const id of [other.id, other.username, 999_999]) {
      const { status, body } = await patch(id, { bio: 'Mine now.' }, account.token);
      expect([status, body['code']]).toEqual([403, 'user.not_yours']);
    }
    expect(await rowOf(other.id)).toEqual(before);
  });

  it('lets an admin change any account, and tells an admin what does not exist', async () => {
    const account = await newAccount();
    const { status, body } = await patch(account.id, { display_name: 'Renamed' }, admin.token);
    expect([status, body['display_name']]).toEqual([200, 'Renamed']);
    expect((await patch(999_999, { bio: 'x' }, admin.token)).status).toBe(404);
  });

  it('refuses an e-mail address that is taken with 409 and changes nothing', async () => {
    const [account, other] = [await newAccount(), await newAccount()];
    const changes = { email: `${other.username.toUpperCase()}@example.org`, bio: 'Lost with it.' };
    const { status, body } = await patch(account.id, changes, account.token);
    expect([status, body['code']]).toEqual([409, 'user.taken']);
    expect((await api(inkwell).get(`/api/users/${account.id}`)).body['bio']).toBe('');
  });

  it('gives an e-mail address that two want at the same moment to one of them', async () => {
    const accounts = [await newAccount(), await newAccount()];
    const answers = await Promise.all(
      accounts.map(({ id, token }) => patch(id, { email: 'wanted@example.org' }, token)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it('keeps both of two changes of the same moment to different members', async () => {
    const { id, token } = await newAccount();
    await Promise.all([patch(id, { bio: 'Both.' }, token), patch(id, { display_name: 'Both' }, token)]);
    expect((await api(inkwell).get(`/api/users/${id}`)).body).toMatchObject({
      bio: 'Both.',
      display_name: 'Both',
    });
  });

  it.each([
    ['a user name', { username: 'other' }],
    ['a role', { role: 'admin' }],
    ['an id', { id: 1 }],
    ['a display name of 101 characters', { display_name: 'x'.repeat(101) }],
    ['a display name of two lines', { display_name: 'Ada\nLovelace' }],
    ['a bio of 2001 characters', { bio: 'x'.repeat(2001) }],
    ['no e-mail address', { email: null }],
    ['a broken e-mail address', { email: 'ada' }],
    ['a common password', { password: 'password', current_password: PASSWORD }],
    ['a password without the current one', { password: NEW_PASSWORD }],
    ['a number as its bio', { bio: 7 }],
  ])('refuses %s with 400 and changes nothing', async (_, changes) => {
    const account = await newAccount();
    const before = await rowOf(account.id);
    expect((await patch(account.id, changes, account.token)).status).toBe(400);
    expect(await rowOf(account.id)).toEqual(before);
  });
});

describe('PATCH /api/users/:id with a password', () => {
  const change = { password: NEW_PASSWORD, current_password: PASSWORD };

  it('ends all other sessions at once, in the transaction of the change, and keeps this one', async () => {
    const account = await newAccount();
    const others = [await login(inkwell, account.username), await login(inkwell, account.username)];
    const rows = await outboxOf(inkwell, async () => {
      expect((await patch(account.id, change, account.token)).status).toBe(200);
    });
    expect(rows.map(({ event, tags }) => [event, tags.length])).toEqual([['session.revoked', 2]]);
    const statuses = [account, ...others].map(({ token }) => statusWith(token));
    expect(await Promise.all(statuses)).toEqual([200, 401, 401]);
    const refreshes = [account, ...others].map(({ refreshToken }) =>
      api(inkwell).post('/api/refresh', { refresh_token: refreshToken }),
    );
    expect((await Promise.all(refreshes)).map(({ status }) => status)).toEqual([200, 401, 401]);
  });

  it('takes the new password from then on, and the old one no more', async () => {
    const account = await newAccount();
    await patch(account.id, change, account.token);
    expect(await loginStatus(account.username, NEW_PASSWORD)).toBe(200);
    expect(await loginStatus(account.username, PASSWORD)).toBe(401);
  });

  it('refuses a wrong current password with 403, changes nothing and ends no session', async () => {
    const account = await newAccount();
    const other = await login(inkwell, account.username);
    const wrong = { ...change, current_password: 'a wrong guess', bio: 'Lost with it.' };
    const { status, body } = await patch(account.id, wrong, account.token);
    expect([status, body['code']]).toEqual([403, 'user.wrong_password']);
    expect(await loginStatus(account.username, PASSWORD)).toBe(200);
    expect(await statusWith(other.token)).toBe(200);
    expect((await api(inkwell).get(`/api/users/${account.id}`)).body['bio']).toBe('');
  });

  it('lets one of two changes of the same moment win', async () => {
    const account = await newAccount();
    const wanted = ['a first new password', 'a second new password'];
    const answers = await Promise.all(
      wanted.map((password) => patch(account.id, { ...change, password }, account.token)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403]);
    const winner = wanted[answers.findIndex(({ status }) => status === 200)]!;
    expect(await loginStatus(account.username, winner)).toBe(200);
  });

  it('lets an admin set somebody’s password without the current one, and ends all their sessions', async () => {
    const account = await newAccount();
    expect((await patch(account.id, { password: NEW_PASSWORD }, admin.token)).status).toBe(200);
    expect(await statusWith(account.token)).toBe(401);
    expect(await statusWith(admin.token)).toBe(200);
    expect(await loginStatus(account.username, NEW_PASSWORD)).toBe(200);
  });

  it('asks an admin for the current password of the own account too', async () => {
    expect((await patch(admin.id, { password: NEW_PASSWORD }, admin.token)).status).toBe(400);
  });
});

describe('outbox rows of PATCH /api/users/:id', () => {
  it('are one for a change of what the profile shows', async () => {
    const { id, username, token } = await newAccount();
    expect(await outboxOf(inkwell, () => patch(id, { bio: 'New.', display_name: 'New' }, token))).toEqual([
      {
        event: 'user.revised',
        tags: [`user:${id}`, `author:${id}`],
        payload: { id, username, renamed: true },
      },
    ]);
  });

  it('are one without a change for the same again: the first answer may still be waiting', async () => {
    const { id, token } = await newAccount();
    await patch(id, { bio: 'Same.' }, token);
    expect(await outboxOf(inkwell, () => patch(id, { bio: 'Same.', display_name: '' }, token))).toEqual([
      { event: 'change.repeated', tags: [`user:${id}`, `author:${id}`], payload: {} },
    ]);
  });

  it('are none for an e-mail address alone and for a refusal', async () => {
    const { id, token } = await newAccount();
    const rows = await outboxOf(inkwell, async () => {
      await patch(id, { email: 'nobody.sees.it@example.org' }, token);
      await patch(id, { bio: 'x'.repeat(2001) }, token);
    });
    expect(rows).toEqual([]);
  });
});
