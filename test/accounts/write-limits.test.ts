import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomInt } from 'node:crypto';
import { newPost, POSTS } from '../blog/posts.js';
import { type Account, promote, registerAndLogin, useNewNumbers } from '../support/accounts.js';
import { api, type ApiResponse, type Json } from '../support/api.js';
import { query } from '../support/database.js';
import { untilRedisAnswers } from '../support/redis.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';

const QUOTA = 3;

/** An address that no other test has used, because counts outlive a test. */
const newAddress = (): string => `10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}`;

describe.each([
  ['with Redis', {}],
  ['without Redis', { REDIS_URL: '' }],
])('limits of writes %s', (_, environment) => {
  let inkwell: Inkwell;
  beforeAll(async () => {
    inkwell = await startInkwell({
      ...environment,
      RATE_LIMIT_WRITE: String(QUOTA),
      TRUSTED_PROXIES: '127.0.0.1',
    });
    await untilRedisAnswers(inkwell);
    await useNewNumbers(inkwell);
  });
  afterAll(() => inkwell.close());

  const newAuthor = (): Promise<Account> => registerAndLogin(inkwell, `u${randomInt(1e9)}`);
  const write = ({ token }: Account, from = newAddress()): Promise<ApiResponse<Json>> =>
    api(inkwell).post(POSTS, newPost(), token, { 'x-forwarded-for': from });
  const statuses = async (count: number, request: () => Promise<ApiResponse<Json>>): Promise<number[]> => {
    const seen: number[] = [];
    for (let round = 0; round < count; round += 1) seen.push((await request()).status);
    return seen;
  };
  const limitsOf = ({ headers }: ApiResponse<Json>): (string | null)[] =>
    ['ratelimit', 'ratelimit-policy'].map((name) => headers.get(name)?.replaceAll(/t=\d+/g, 't=…') ?? null);

  it('say what is left of both on the answer of every write, also of one that is refused', async () => {
    const [author, address] = [await newAuthor(), newAddress()];
    const policies = '"write-account";q=3;w=60, "write";q=12;w=60';
    expect(limitsOf(await write(author, address))).toEqual([
      '"write-account";r=2;t=…, "write";r=11;t=…',
      policies,
    ]);
    const from = { 'x-forwarded-for': address };
    const invalid = await api(inkwell).post(POSTS, { title: '' }, author.token, from);
    expect([invalid.status, limitsOf(invalid)]).toEqual([
      400,
      ['"write-account";r=1;t=…, "write";r=10;t=…', policies],
    ]);
    const profile = await api(inkwell).patch(
      `/api/users/${author.id}`,
      { bio: 'Writes.' },
      author.token,
      from,
    );
    expect([profile.status, limitsOf(profile)]).toEqual([
      200,
      ['"write-account";r=0;t=…, "write";r=9;t=…', policies],
    ]);
  });

  it('answer an account 429 with Retry-After when it has used up its own, wherever it writes from', async () => {
    const author = await newAuthor();
    expect(await statuses(QUOTA, () => write(author))).toEqual([201, 201, 201]);
    const refused = await write(author);
    expect([refused.status, refused.body['code']]).toEqual([429, 'request.rate_limited']);
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(refused.headers.get('ratelimit')).toBe(`"write-account";r=0;t=${seconds}`);
    const posts = await query(inkwell, 'SELECT 1 FROM posts WHERE author_id = $1', [author.id]);
    expect(posts).toHaveLength(QUOTA);
  });

  it('answer an address 429 when its accounts have used up what they share, and take nothing of the next one', async () => {
    const address = newAddress();
    for (let accounts = 0; accounts < 4; accounts += 1) {
      const author = await newAuthor();
      // A request beyond the account's quota uses up nothing of its neighbours' quota.
      expect(await statuses(QUOTA + 2, () => write(author, address))).toEqual([201, 201, 201, 429, 429]);
    }
    const author = await newAuthor();
    const refused = await write(author, address);
    expect([refused.status, refused.headers.get('ratelimit-policy')]).toEqual([429, '"write";q=12;w=60']);
    expect(await statuses(QUOTA + 1, () => write(author))).toEqual([201, 201, 201, 429]);
  });

  it('hold for whatever changes something for an account, but for sessions, which can always be ended', async () => {
    const author = await newAuthor();
    await promote(inkwell, author.username, 'admin');
    await statuses(QUOTA, () => write(author));
    const calls = api(inkwell);
    const { token } = author;
    const refused = [
      await calls.post(POSTS, newPost(), token),
      await calls.put(`${POSTS}/1`, newPost(), token),
      await calls.patch(`${POSTS}/1`, { title: 'Other' }, token),
      await calls.delete(`${POSTS}/1`, token),
      await calls.patch(`/api/users/${author.id}`, { bio: 'Writes.' }, token),
      await calls.post(
        '/api/webhooks',
        { url: 'https://receiver.example/', events: ['post.revised'] },
        token,
      ),
      await calls.post('/api/cache/purge', { all: true }, token),
    ];
    expect(refused.map(({ status }) => status)).toEqual(refused.map(() => 429));
    const read = await calls.get('/api/users/me', token);
    const logout = await calls.post('/api/logout', undefined, token);
    expect([read, logout].map((answer) => [answer.status, ...limitsOf(answer)])).toEqual([
      [200, null, null],
      [204, null, null],
    ]);
  });

  it('count nothing of who may not write', async () => {
    const [reader, address] = [await newAuthor(), newAddress()];
    await promote(inkwell, reader.username, 'reader');
    const refused = await write(reader, address);
    const anonymous = await api(inkwell).post(POSTS, newPost(), undefined, { 'x-forwarded-for': address });
    expect([refused, anonymous].map((answer) => [answer.status, ...limitsOf(answer)])).toEqual([
      [403, null, null],
      [401, null, null],
    ]);
  });
});
