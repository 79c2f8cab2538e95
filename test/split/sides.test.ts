import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CacheInvalidator } from '../../src/platform/cache/cache-invalidator.js';
import { HttpPool } from '../../src/platform/http/http-pool.js';
import { type Account, registerAndLogin, removeAccount } from '../support/accounts.js';
import { api } from '../support/api.js';
import { type SplitInkwell, startInkwell as startWhole, startSplit } from '../support/start-inkwell.js';
import { query } from '../support/test-database.js';
import { POSTS, type PostSummary, written } from '../blog/posts.js';

const TOKEN = 'Bearer the-token-between-the-sides-0123456789';
const AUTHORS = 20;
const NO_SESSION = '3f2b8c1e-0d6a-4c55-9f0e-7a1b2c3d4e5f';

let inkwell: SplitInkwell;
let ada: Account;

/** Twenty authors with a post each, without passwords, as after an import. */
async function insertPosts(databaseUrl: string): Promise<void> {
  await query(
    databaseUrl,
    `WITH people AS (
       INSERT INTO users (username, role) SELECT 'author-' || n, 'author' FROM generate_series(1, ${AUTHORS}) AS n
       RETURNING id, username)
     INSERT INTO posts (slug, title, content, content_html, excerpt, author_id, category_id, tags, tag_slugs, status,
       was_published)
     SELECT 'by-' || username, 'By ' || username, 'x', '<p>x</p>', 'x', id, 1, '{}', '{}', 'published', true FROM people`,
  );
}

beforeAll(async () => {
  // Without the tier that both sides share, so that everything cached is in this process.
  inkwell = await startSplit({ REDIS_URL: '' });
  await insertPosts(inkwell.databaseUrl);
  ada = await registerAndLogin(inkwell, 'ada');
});
afterAll(() => inkwell.close());

/** The calls to the users side that the blog side makes during `work`. */
async function callsOf(work: () => Promise<unknown>): Promise<number> {
  const { requests } = inkwell.blog.app.get(HttpPool).tally;
  const count = (): number => [...requests.values()].reduce((sum, value) => sum + value, 0);
  const before = count();
  await work();
  return count() - before;
}

const forget = (): unknown => inkwell.blog.app.get(CacheInvalidator).clear();

describe('each side', () => {
  it.each([
    ['blog', '/api/users/1'],
    ['blog', '/api/verify'],
    ['blog', '/api/sessions'],
    ['blog', '/api/webhooks'],
    ['users', '/api/site'],
    ['users', '/blog/'],
    ['users', '/blog/api/posts'],
    ['users', '/blog/api/categories'],
  ] as const)('has nothing of the other: %s answers 404 at %s', async (side, path) => {
    const response = await api(inkwell[side]).get(path);
    expect(response.status).toBe(404);
    expect(response.body).toMatchObject({ code: 'route.not_found' });
  });

  it.each(['/health', '/livez', '/readyz', '/metrics', '/openapi.json', '/docs', '/problems'])(
    'answers %s',
    async (path) => {
      for (const side of [inkwell.users, inkwell.blog]) expect((await api(side).get(path)).status).toBe(200);
    },
  );

  it('counts in /stats what it serves', async () => {
    const [users, blog] = await Promise.all(
      [inkwell.users, inkwell.blog].map((side) => api(side).get('/stats')),
    );
    expect(users!.body).toMatchObject({ users: AUTHORS + 1 });
    expect(users!.body).not.toHaveProperty('posts');
    expect(blog!.body).toMatchObject({ posts: AUTHORS });
    expect(blog!.body).not.toHaveProperty('users');
  });
});

describe('GET /internal/directory', () => {
  const PATHS = ['names?ids=1', 'ids/ada', `sessions/${NO_SESSION}`].map(
    (path) => `/internal/directory/${path}`,
  );

  it.each(PATHS)('%s is not there without the token', async (path) => {
    for (const headers of [{}, { authorization: 'Bearer another' }, { authorization: `Bearer ${ada.token}` }])
      expect((await api(inkwell.users).get(path, undefined, headers)).status).toBe(404);
  });

  it.each([
    ['ids/ada', [expect.any(Number)], ['username:ada', expect.stringMatching(/^author:\d+$/)]],
    ['ids/nobody', [null], ['username:nobody']],
    [`sessions/${NO_SESSION}`, [null], [`session:${NO_SESSION}`]],
  ])('%s carries snapshot, epoch and tags', async (path, values, tags) => {
    const { status, body } = await api(inkwell.users).get(`/internal/directory/${path}`, undefined, {
      authorization: TOKEN,
    });
    expect(status).toBe(200);
    expect(body).toEqual({
      epoch: expect.stringMatching(/^[\da-f-]{36}$/),
      snapshot: expect.stringMatching(/^\d+:\d+:/),
      entries: values.map((value) => ({ value, tags })),
    });
  });

  it('names answers in the order asked for', async () => {
    const path = `/internal/directory/names?ids=999999,${ada.id}`;
    const { body } = await api(inkwell.users).get(path, undefined, { authorization: TOKEN });
    expect(body['entries']).toEqual([
      { value: null, display_name: '', tags: ['author:999999'] },
      { value: 'ada', display_name: '', tags: [`author:${ada.id}`] },
    ]);
  });

  it.each([
    'names',
    'names?ids=',
    'names?ids=1,',
    'names?ids=9e99',
    `names?ids=${'1,'.repeat(100)}1`,
    'names?ids=9999999999',
    'sessions/none',
  ])('refuses %s with 400', async (path) => {
    const response = await api(inkwell.users).get(`/internal/directory/${path}`, undefined, {
      authorization: TOKEN,
    });
    expect(response.status).toBe(400);
  });

  it('is in no API document, and nowhere where one process serves both sides', async () => {
    const { body } = await api(inkwell.users).get('/openapi.json');
    expect(JSON.stringify(body)).not.toContain('internal/directory');
    const whole = await startWhole({ INTERNAL_TOKEN: TOKEN.slice('Bearer '.length) });
    const response = await api(whole).get(PATHS[0]!, undefined, { authorization: TOKEN });
    await whole.close();
    expect(response.status).toBe(404);
  });
});

describe('a page of 20 posts by 20 authors', () => {
  const path = `${POSTS}?limit=${AUTHORS}`;

  it('makes one call when nothing is known, and none afterwards', async () => {
    forget();
    const names = async (): Promise<string[]> => {
      const { body } = await api(inkwell.blog).get<PostSummary[]>(path);
      return body.map((post) => post.author);
    };
    expect(await callsOf(names)).toBe(1);
    expect(await callsOf(names)).toBe(0);
    expect(new Set(await names()).size).toBe(AUTHORS);
  });

  it('makes none when only the page is new', async () => {
    forget();
    await api(inkwell.blog).get(path);
    expect(await callsOf(() => api(inkwell.blog).get(`${POSTS}?limit=${AUTHORS}&offset=0`))).toBe(0);
    expect(await callsOf(() => api(inkwell.blog).get('/blog/'))).toBe(0);
  });

  it('makes one for a hundred readers at one moment', async () => {
    forget();
    const readers = (): Promise<unknown> =>
      Promise.all(Array.from({ length: 100 }, () => api(inkwell.blog).get(path)));
    expect(await callsOf(readers)).toBe(1);
  });
});

describe('what happens to an account on one side', () => {
  it('shows at once on the other: a name that goes', async () => {
    const eve = await registerAndLogin(inkwell, 'eve');
    const post = await written(inkwell, eve);
    const author = async (): Promise<unknown> =>
      (await api(inkwell.blog).get(`${POSTS}/${post.id}`)).body['author'];
    expect([await author(), await author()]).toEqual(['eve', 'eve']);
    await removeAccount(inkwell, 'eve', eve.token);
    expect(await author()).toBe('[deleted]');
    const { body } = await api(inkwell.blog).get<PostSummary[]>(`${POSTS}?author=eve`);
    expect(body).toEqual([]);
  });

  it('shows at once on the other: a name that comes', async () => {
    const list = async (): Promise<PostSummary[]> =>
      (await api(inkwell.blog).get<PostSummary[]>(`${POSTS}?author=newcomer`)).body;
    expect(await list()).toEqual([]);
    const newcomer = await registerAndLogin(inkwell, 'newcomer');
    const post = await written(inkwell, newcomer);
    expect((await list()).map(({ id }) => id)).toEqual([post.id]);
  });

  it('shows at once on the other: a session that ends', async () => {
    const account = await registerAndLogin(inkwell, 'leaver');
    const drafts = async (): Promise<number> =>
      (await api(inkwell.blog).get(`${POSTS}?status=draft`, account.token)).status;
    expect([await drafts(), await drafts()]).toEqual([200, 200]);
    await api(inkwell).post('/api/logout-all', undefined, account.token);
    expect(await drafts()).toBe(401);
  });

  it('is asked for once a session, however many requests it makes', async () => {
    forget();
    const account = await registerAndLogin(inkwell, 'regular');
    const request = (): Promise<unknown> => api(inkwell.blog).get(`${POSTS}?status=draft`, account.token);
    expect(await callsOf(request)).toBe(1);
    expect(await callsOf(async () => [await request(), await request()])).toBe(0);
  });
});
