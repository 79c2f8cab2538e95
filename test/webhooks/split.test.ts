import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { written } from '../blog/posts.js';
import { type Account, login } from '../support/accounts.js';
import { api } from '../support/api.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';
import { administrator, made, WEBHOOKS } from './hooks.js';
import { Receiver, until } from './receiver.js';

const SHARED = {
  WEBHOOKS_ALLOW_PRIVATE: 'true',
  INTERNAL_TOKEN: 'the-internal-token-of-the-tests-0123456789',
};

let users: Inkwell;
let blog: Inkwell;
let receiver: Receiver;
let admin: Account;
beforeAll(async () => {
  users = await startInkwell({ ...SHARED, ROLE: 'users' });
  const addresses = { USERS_URL: users.url };
  blog = await startInkwell({ ...SHARED, ...addresses, ROLE: 'blog' }, { databaseUrl: users.databaseUrl });
  receiver = await Receiver.start();
  admin = await administrator(users);
});
afterAll(async () => {
  await blog.close();
  await users.close();
  receiver.close();
});

const untilTold = (type: string): Promise<unknown> =>
  until(
    () => receiver.received.map(({ body }) => body.type),
    (types) => types.includes(type),
  );

describe('with ROLE=users and ROLE=blog', () => {
  it('webhooks are managed on the side of users and told of both sides, each thing once', async () => {
    expect((await api(blog).get(WEBHOOKS, admin.token)).status).toBe(404);
    await made(users, admin, receiver.url);
    await written(blog, await login(users, admin.username));
    await untilTold('post.published');
    const other = { username: 'grace', email: 'grace@example.org', password: 'a quiet green kettle' };
    expect((await api(users).post('/api/register', other)).status).toBe(201);
    await untilTold('user.registered');
    expect(receiver.received.map(({ body }) => body.type)).toEqual(['post.published', 'user.registered']);
  });
});
