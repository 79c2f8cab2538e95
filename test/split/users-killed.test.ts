import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { POSTS, type PostDetail, written } from '../blog/posts.js';
import { type Account, registerAndLogin } from '../support/accounts.js';
import { api } from '../support/api.js';
import { untilHits } from '../support/hits.js';
import { ServerProcess } from '../support/server-process.js';
import { withoutAccounts } from '../support/split-shape.js';
import { createTestDatabase, query } from '../support/test-database.js';

/** Each side as deployed: in a process of its own. */
interface Side {
  readonly process: ServerProcess;
  readonly url: string;
}

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let restricted: Awaited<ReturnType<typeof withoutAccounts>>;
const started: ServerProcess[] = [];
let users: Side;
let blog: Side;
let ada: Account;
let post: PostDetail;

async function start(environment: Record<string, string>): Promise<Side> {
  const process = ServerProcess.start({
    NODE_ENV: 'test',
    DATABASE_POOL_MIN: '1',
    DATABASE_POOL_MAX: '10',
    AUTH_SECRET: 'the-signing-key-of-the-tests-0123456789',
    INTERNAL_TOKEN: 'the-token-between-the-sides-0123456789',
    WELCOME: 'false',
    ...environment,
  });
  started.push(process);
  return { process, url: await process.address() };
}

beforeAll(async () => {
  database = await createTestDatabase();
  restricted = await withoutAccounts(database.url);
  users = await start({ ROLE: 'users', DATABASE_URL: database.url });
  blog = await start({ ROLE: 'blog', DATABASE_URL: restricted.url, USERS_URL: users.url });
  ada = await registerAndLogin(users, 'ada');
  post = await written(blog, ada);
  await query(database.url, `INSERT INTO users (username, role) VALUES ('stranger', 'author')`);
});
afterAll(async () => {
  for (const process of started) process.signal('SIGKILL');
  for (const process of started) await process.ended();
  await restricted.drop();
  await database.drop();
});

const author = async (path: string): Promise<unknown> => (await api(blog).get(path)).body['author'];

describe('the blog side, after kill -9 of the users side', () => {
  it('answers what is cached and who is known, refuses the rest with 503, and lets authors it knows write', async () => {
    const path = `${POSTS}/${post.id}`;
    expect(await author(path)).toBe('ada');
    users.process.signal('SIGKILL');
    await users.process.ended();

    const hit = await untilHits(() => api(blog).get(path));
    expect([hit.status, hit.body['author']]).toEqual([200, 'ada']);
    const unknown = await api(blog).get(`${POSTS}?author=stranger`);
    expect(unknown.status).toBe(503);
    expect(unknown.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(unknown.headers.get('retry-after')).toBe('1');
    expect(unknown.body).toMatchObject({ code: 'service.unavailable' });

    // The session and the name are cached. The write waits for the lease of the killed side, but no longer.
    const changed = await api(blog).patch(path, { title: 'Changed without it' }, ada.token);
    expect([changed.status, changed.body['title']]).toEqual([200, 'Changed without it']);
    expect((await api(blog).get(path)).body['title']).toBe('Changed without it');
  });

  it('serves all again once the users side is back at its address', async () => {
    await start({ ROLE: 'users', DATABASE_URL: database.url, PORT: new URL(users.url).port });
    const deadline = Date.now() + 25_000;
    let answer = await api(blog).get<unknown[]>(`${POSTS}?author=stranger`);
    while (answer.status !== 200 && Date.now() < deadline) {
      await sleep(200);
      answer = await api(blog).get<unknown[]>(`${POSTS}?author=stranger`);
    }
    expect([answer.status, answer.body]).toEqual([200, []]);
    await registerAndLogin(users, 'eve');
  });
});
