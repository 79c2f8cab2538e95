import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type Account,
  login,
  PASSWORD,
  promote,
  register,
  registerAndLogin,
  removeAccount,
} from './support/accounts.js';
import type { ApiResponse, Json } from './support/api.js';
import { api } from './support/documented-api.js';
import { outboxOf, query } from './support/database.js';
import { type Inkwell, startInkwell } from './support/start-inkwell.js';
import { newPost, POSTS, written } from './blog/posts.js';
import { made, WEBHOOKS } from './webhooks/hooks.js';

const HOOK = { url: 'https://hooks.example.org/inkwell', events: ['post.published'] };
const SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;

let inkwell: Inkwell;
let ada: Account;
beforeAll(async () => {
  inkwell = await startInkwell({ TRUSTED_PROXIES: '127.0.0.1/32' });
  ada = await registerAndLogin(inkwell, 'ada');
  await promote(inkwell, 'ada', 'admin');
});
afterAll(() => inkwell.close());

let count = 0;
const newKey = () => `key-${(count += 1)}`;
const newName = () => `user${(count += 1)}`;

interface Write {
  readonly method: 'post' | 'put' | 'patch' | 'delete';
  readonly path: string;
  readonly body?: Json;
  /** Another body for the same key. Without one, another path is used. */
  readonly other?: Json;
  readonly token?: string | undefined;
  readonly status: number;
}

const registration = (username: string) => ({
  username,
  email: `${username}@example.org`,
  password: PASSWORD,
});

const send = (
  { method, path, body, token }: Write,
  key: string,
  from = '192.0.2.1',
): Promise<ApiResponse<Json>> => {
  const headers = { 'idempotency-key': key, 'x-forwarded-for': from };
  return method === 'delete'
    ? api(inkwell).deleteWith(path, body, token, headers)
    : api(inkwell)[method](path, body, token, headers);
};

const postPath = async () => `${POSTS}/${(await written(inkwell, ada)).id}`;
const hookPath = async () => `${WEBHOOKS}/${(await made(inkwell, ada, HOOK.url)).id}`;
const userPath = async () => `/api/users/${await register(inkwell, newName())}`;

const writes: Readonly<Record<string, () => Promise<Write>>> = {
  'POST /blog/api/posts': async () => ({
    method: 'post',
    path: POSTS,
    body: newPost(),
    other: newPost(),
    token: ada.token,
    status: 201,
  }),
  'PUT /blog/api/posts/:id': async () => ({
    method: 'put',
    path: await postPath(),
    body: newPost(),
    other: newPost(),
    token: ada.token,
    status: 200,
  }),
  'PATCH /blog/api/posts/:id': async () => ({
    method: 'patch',
    path: await postPath(),
    body: { title: 'Once' },
    other: { title: 'Twice' },
    token: ada.token,
    status: 200,
  }),
  'DELETE /blog/api/posts/:id': async () => ({
    method: 'delete',
    path: await postPath(),
    token: ada.token,
    status: 204,
  }),
  'POST /api/register': async () => ({
    method: 'post',
    path: '/api/register',
    body: registration(newName()),
    other: registration(newName()),
    status: 201,
  }),
  'PUT /api/users/:id': async () => ({
    method: 'put',
    path: await userPath(),
    body: { bio: 'Once' },
    other: { bio: 'Twice' },
    token: ada.token,
    status: 200,
  }),
  'PATCH /api/users/:id': async () => ({
    method: 'patch',
    path: await userPath(),
    body: { bio: 'Once' },
    other: { bio: 'Twice' },
    token: ada.token,
    status: 200,
  }),
  'DELETE /api/users/:id': async () => ({
    method: 'delete',
    path: await userPath(),
    body: { current_password: PASSWORD },
    token: ada.token,
    status: 204,
  }),
  'POST /api/webhooks': async () => ({
    method: 'post',
    path: WEBHOOKS,
    body: HOOK,
    other: { ...HOOK, description: 'Other' },
    token: ada.token,
    status: 201,
  }),
  'PATCH /api/webhooks/:id': async () => ({
    method: 'patch',
    path: await hookPath(),
    body: { enabled: false },
    other: { enabled: true },
    token: ada.token,
    status: 200,
  }),
  'DELETE /api/webhooks/:id': async () => ({
    method: 'delete',
    path: await hookPath(),
    token: ada.token,
    status: 204,
  }),
};

describe.each(Object.entries(writes))('%s with an Idempotency-Key', (_route, prepare) => {
  it('is carried out once, and answered alike', async () => {
    const [write, key] = [await prepare(), newKey()];
    const first = await send(write, key);
    expect(first.status).toBe(write.status);
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    const events = await outboxOf(inkwell, async () => {
      const again = await send(write, key);
      expect([again.status, again.body]).toEqual([first.status, first.body]);
      expect(again.headers.get('idempotency-replayed')).toBe('true');
      for (const name of ['location', 'etag', 'content-type', 'cache-control', 'vary', 'content-length'])
        expect([name, again.headers.get(name)]).toEqual([name, first.headers.get(name)]);
    });
    // The first request may still be waiting for the other replicas, and nothing is done again.
    expect(events.filter(({ event }) => event !== 'change.repeated')).toEqual([]);
  });

  it('refuses another request with the same key with 422', async () => {
    const [write, key] = [await prepare(), newKey()];
    await send(write, key);
    const other = write.other === undefined ? await prepare() : { ...write, body: write.other };
    expect(await send(other, key)).toMatchObject({ status: 422, body: { code: 'idempotency.key_reused' } });
  });

  it('refuses a key that is none with 400', async () => {
    expect(await send(await prepare(), 'a b')).toMatchObject({
      status: 400,
      body: { code: 'idempotency.invalid_key' },
    });
  });
});

describe('a repeated PATCH', () => {
  it('is answered as it was though its If-Match is old by now', async () => {
    const { id } = await written(inkwell, ada);
    const etag = (await api(inkwell).get(`${POSTS}/${id}`, ada.token)).headers.get('etag')!;
    const headers = { 'idempotency-key': newKey(), 'if-match': etag };
    const patch = () => api(inkwell).patch<Json>(`${POSTS}/${id}`, { title: 'Once' }, ada.token, headers);
    const first = await patch();
    await api(inkwell).patch(`${POSTS}/${id}`, { title: 'Changed since' }, ada.token);
    expect(await patch()).toMatchObject({ status: 200, body: first.body });
    expect((await api(inkwell).get(`${POSTS}/${id}`)).body['title']).toBe('Changed since');
  });

  it('of a password is answered as it was though the current password is another now', async () => {
    const user = await registerAndLogin(inkwell, newName());
    const body = { password: 'another quiet kettle', current_password: PASSWORD };
    const write: Write = {
      method: 'patch',
      path: `/api/users/${user.id}`,
      body,
      token: user.token,
      status: 200,
    };
    const key = newKey();
    const first = await send(write, key);
    expect(first.status).toBe(200);
    expect(await send(write, key)).toMatchObject({ status: 200, body: first.body });
    expect((await send(write, newKey())).status).toBe(403);
    await login(inkwell, user.username, body.password);
  });
});

describe('a repeated registration', () => {
  it('is another one from another address, and is forgotten with its account', async () => {
    const name = newName();
    const write: Write = { method: 'post', path: '/api/register', body: registration(name), status: 201 };
    const key = newKey();
    const { body } = await send(write, key);
    expect(await send(write, key, '192.0.2.2')).toMatchObject({ status: 409, body: { code: 'user.taken' } });
    await removeAccount(inkwell, String(body['id']), ada.token);
    const again = await send(write, key);
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, null]);
    expect(again.body['id']).not.toBe(body['id']);
  });

  it('at the same moment makes one account', async () => {
    const write: Write = {
      method: 'post',
      path: '/api/register',
      body: registration(newName()),
      status: 201,
    };
    const key = newKey();
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(write, key)));
    const ids = answers.filter(({ status }) => status === 201).map(({ body }) => body['id']);
    expect(new Set(ids).size).toBe(1);
    const others = answers.filter(({ status }) => status !== 201);
    for (const other of others)
      expect(other).toMatchObject({ status: 409, body: { code: 'idempotency.in_flight' } });
  });
});

describe('what is kept of a request', () => {
  const keptFor = async (key: string) =>
    JSON.stringify(
      await query(inkwell, `SELECT *, encode(request_hash, 'hex') FROM idempotency_keys WHERE key = $1`, [
        key,
      ]),
    );

  it('tells neither the secret of a webhook nor anything to guess a password by', async () => {
    const key = newKey();
    const hook: Write = {
      method: 'post',
      path: WEBHOOKS,
      body: { ...HOOK, secret: SECRET },
      token: ada.token,
      status: 201,
    };
    expect((await send(hook, key)).body['secret']).toBe(SECRET);
    expect((await send(hook, key)).body['secret']).toBe(SECRET);
    expect(await keptFor(key)).not.toContain(SECRET.slice(6));
    const [first, second] = [await userPath(), newKey()];
    const change: Write = {
      method: 'patch',
      path: first,
      body: { password: 'a kettle of quiet green' },
      token: ada.token,
      status: 200,
    };
    expect((await send(change, second)).status).toBe(200);
    const { createHash } = await import('node:crypto');
    const guess = JSON.stringify(['PATCH users', Number(first.split('/').at(-1)), change.body]);
    expect(await keptFor(second)).not.toContain(createHash('sha256').update(guess).digest('hex'));
  });

  it('of an account goes with the account', async () => {
    const key = newKey();
    const path = await userPath();
    await send({ method: 'patch', path, body: { bio: 'Gone soon' }, token: ada.token, status: 200 }, key);
    expect(await keptFor(key)).toContain('Gone soon');
    await api(inkwell).deleteWith(path, { current_password: PASSWORD }, ada.token);
    expect(await keptFor(key)).toBe('[]');
  });
});
