import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Account, promote, registerAndLogin } from '../support/accounts.js';
import { api } from '../support/documented-api.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';
import { nextOf, type PostSummary, POSTS, titlesFrom, written } from './posts.js';

let inkwell: Inkwell;
let ada: Account;
let eve: Account;
let root: Account;
/** Newest first. */
const titles = Array.from({ length: 25 }, (_, i) => `Title ${25 - i}`);

beforeAll(async () => {
  inkwell = await startInkwell();
  [ada, eve, root] = await Promise.all([
    registerAndLogin(inkwell, 'ada'),
    registerAndLogin(inkwell, 'eve'),
    registerAndLogin(inkwell, 'rooty'),
  ]);
  await promote(inkwell, 'rooty', 'admin');
  for (const [i, title] of titles.toReversed().entries()) {
    await written(inkwell, i % 5 === 0 ? eve : ada, {
      title,
      category_name: i % 2 === 0 ? 'Even numbers' : 'Odd numbers',
      tags: i % 3 === 0 ? ['Three', 'every'] : ['every'],
    });
  }
  await written(inkwell, ada, { title: 'Draft of ada', status: 'draft', category_name: 'Even numbers' });
  await written(inkwell, eve, { title: 'Draft of eve', status: 'draft', tags: ['every'] });
});
afterAll(() => inkwell.close());

const list = (query = '', token?: string) => api(inkwell).get<PostSummary[]>(`${POSTS}${query}`, token);
const listed = async (query: string) => (await list(query)).body.map(({ title }) => title);
const everyNth = (n: number) => titles.filter((_, i) => (24 - i) % n === 0);

describe('GET /blog/api/posts', () => {
  it('answers the newest 20 in full, and where the next ones are', async () => {
    const { status, body, headers } = await list();
    expect(status).toBe(200);
    expect(body.map(({ title }) => title)).toEqual(titles.slice(0, 20));
    expect(body[0]).toEqual({
      id: expect.any(Number),
      slug: 'title-25',
      title: 'Title 25',
      author: 'ada',
      author_display_name: 'ada',
      excerpt: expect.stringMatching(/^Text of post \d+\.$/),
      category: { id: expect.any(Number), name: 'Even numbers', slug: 'even-numbers' },
      tags: ['Three', 'every'],
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      published_at: body[0]!.created_at,
      updated_at: expect.stringMatching(/Z$/),
    });
    expect(headers.get('cache-control')).toBe('public, no-cache');
    expect(headers.get('etag')).toMatch(/^"[\w-]+"$/);
    expect(nextOf(headers)).toMatch(/^\/blog\/api\/posts\?limit=20&cursor=[\w-]+$/);
  });

  it('ends without a next link, also when the last page is full', async () => {
    expect((await list('?limit=25')).headers.has('link')).toBe(false);
    expect((await list('?limit=24')).headers.has('link')).toBe(true);
    expect(await titlesFrom(inkwell, `${POSTS}?limit=5`)).toEqual(titles);
  });

  it('keeps the filters from page to page', async () => {
    const path = `${POSTS}?limit=2&category=even-numbers&tag=three&author=ada`;
    const expected = everyNth(2).filter(
      (title) => everyNth(3).includes(title) && !everyNth(5).includes(title),
    );
    expect(expected.length).toBeGreaterThan(2);
    expect(await titlesFrom(inkwell, path)).toEqual(expected);
  });

  it('skips by offset, and goes on by cursor', async () => {
    expect(await listed('?limit=3&offset=4')).toEqual(titles.slice(4, 7));
    expect(await titlesFrom(inkwell, `${POSTS}?limit=3&offset=4`)).toEqual(titles.slice(4));
    expect(await list('?offset=10000')).toMatchObject({ status: 200, body: [] });
  });

  it('filters by category, tag and author', async () => {
    expect(await listed('?limit=100&category=even-numbers')).toEqual(everyNth(2));
    expect(await listed('?limit=100&tag=three')).toEqual(everyNth(3));
    expect(await listed('?limit=100&author=eve')).toEqual(everyNth(5));
    expect(await listed('?limit=100&category=even-numbers&author=eve')).toEqual(everyNth(10));
  });

  it('knows a tag by its name as well', async () => {
    await written(inkwell, ada, { title: 'Named', tags: ['C++ & 한글', '2024'] });
    expect(await listed(`?tag=${encodeURIComponent('C++ & 한글')}`)).toEqual(['Named']);
    expect(await listed('?tag=2024')).toEqual(['Named']);
    const named = (await list('?tag=2024')).body[0]!;
    await api(inkwell).delete(`${POSTS}/${named.id}`, ada.token);
    expect(await listed(`?tag=${encodeURIComponent('C++ & 한글')}`)).toEqual([]);
  });

  it.each([
    'category=nothing',
    'tag=nothing',
    'author=nobody',
    'category=Even%20numbers',
    'tag=%EC%97%86%EC%9D%8C',
  ])('answers %s, which nothing has, with an empty list', async (query) => {
    expect(await list(`?${query}`)).toMatchObject({ status: 200, body: [] });
  });

  it('shows a new post, a changed and a deleted one in every list at once', async () => {
    const queries = ['', '?category=even-numbers', '?tag=every', '?author=ada', '?limit=100'];
    const everywhere = async () => Promise.all(queries.map(async (query) => (await listed(query))[0]));
    const post = await written(inkwell, ada, {
      title: 'Newest',
      category_name: 'Even numbers',
      tags: ['every'],
    });
    expect(new Set(await everywhere())).toEqual(new Set(['Newest']));
    await api(inkwell).patch(`${POSTS}/${post.id}`, { title: 'Newest still' }, ada.token);
    expect(new Set(await everywhere())).toEqual(new Set(['Newest still']));
    await api(inkwell).delete(`${POSTS}/${post.id}`, ada.token);
    expect(await everywhere()).not.toContain('Newest still');
  });

  it.each([
    ...[
      'limit=0',
      'limit=101',
      'limit=abc',
      'limit=',
      'limit=1.5',
      'limit=1e1',
      'limit=-1',
      'limit=1&limit=2',
    ],
    ...['offset=-1', 'offset=10001', 'offset=x', 'offset=9e99', 'offset=9007199254740993'],
    ...[
      'cursor=x',
      'cursor=',
      'cursor=%00',
      'cursor=AAAAAAAAAAAAAAAAAAAAAAAAAAA',
      'status=published',
      'status=all',
      'tag=',
      'category=',
      'author=',
    ],
    ...[
      'page=2',
      'utm_source=x',
      '__proto__=x',
      'constructor=x',
      `q=${'a'.repeat(201)}`,
      `tag=${'a'.repeat(201)}`,
    ],
  ])('refuses ?%s with 400', async (query) => {
    const response = await list(`?${query}`);
    expect(response).toMatchObject({ status: 400, body: { status: 400, instance: POSTS } });
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });

  it('refuses cursor and offset together with 400', async () => {
    const next = nextOf((await list('?limit=2')).headers)!;
    expect((await api(inkwell).get(`${next}&offset=2`)).status).toBe(400);
  });

  it.each(['category=even-numbers', 'tag=three', 'author=ada', 'q=text'])(
    'refuses with 400 a cursor of the whole list for ?%s, and the other way round',
    async (query) => {
      const cursorOf = async (path: string) =>
        new URLSearchParams(nextOf((await list(path)).headers)!.split('?')[1]).get('cursor')!;
      const whole = await list(`?${query}&cursor=${await cursorOf('?limit=1')}`);
      expect(whole).toMatchObject({ status: 400, body: { errors: [{ pointer: '/cursor' }] } });
      expect((await list(`?cursor=${await cursorOf(`?limit=1&${query}`)}`)).status).toBe(400);
    },
  );

  it('takes a cursor for a page of any length', async () => {
    const next = nextOf((await list('?limit=2')).headers)!;
    expect(await titlesFrom(inkwell, next.replace('limit=2', 'limit=100'))).toEqual(titles.slice(2));
  });
});

describe('GET /blog/api/posts?status=draft', () => {
  it('asks for a login with 401', async () => {
    expect(await list('?status=draft')).toMatchObject({ status: 401, body: { code: 'auth.required' } });
  });

  it('shows authors their own drafts, administrators all of them, and no cache any', async () => {
    const titlesOf = async (account: Account, query = '') => {
      const response = await list(`?status=draft${query}`, account.token);
      expect(response.headers.get('cache-control')).toBe('private, no-store');
      return response.body.map(({ title }) => title);
    };
    expect(await titlesOf(ada)).toEqual(['Draft of ada']);
    expect(await titlesOf(eve)).toEqual(['Draft of eve']);
    expect(await titlesOf(root)).toEqual(['Draft of eve', 'Draft of ada']);
    expect(await titlesOf(root, '&category=even-numbers')).toEqual(['Draft of ada']);
    expect(await titlesOf(ada, '&author=eve')).toEqual([]);
    expect(await titlesFrom(inkwell, `${POSTS}?status=draft&limit=1`, root.token)).toHaveLength(2);
  });

  it('refuses the cursor of another list with 400', async () => {
    const next = nextOf((await list('?status=draft&limit=1', root.token)).headers)!;
    expect((await api(inkwell).get(next, ada.token)).status).toBe(400);
    expect((await api(inkwell).get(next.replace('status=draft&', ''))).status).toBe(400);
  });
});
