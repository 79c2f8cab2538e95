import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Account, promote, registerAndLogin } from '../support/accounts.js';
import { api } from '../support/documented-api.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';
import { nextOf, pathOf, type PostSummary, POSTS, titlesFrom, written } from './posts.js';

let inkwell: Inkwell;
let ada: Account;
let eve: Account;
let root: Account;
beforeAll(async () => {
  inkwell = await startInkwell();
  ada = await registerAndLogin(inkwell, 'ada');
  eve = await registerAndLogin(inkwell, 'eve');
  root = await registerAndLogin(inkwell, 'rooty');
  await promote(inkwell, 'rooty', 'admin');
  const first = await written(inkwell, ada, { title: 'beta', category_name: 'Tea', tags: ['green'] });
  await written(inkwell, ada, { title: 'Alpha', status: 'draft', content: 'Rare words.' });
  await written(inkwell, ada, { title: '가나다' });
  await written(inkwell, ada, { title: 'Gamma', status: 'draft', category_name: 'Tea' });
  await written(inkwell, eve, { title: 'Of eve', status: 'draft' });
  await written(inkwell, root, { title: 'Of root' });
  await api(inkwell).patch(pathOf(first.id), { content: 'Changed last.' }, ada.token);
});
afterAll(() => inkwell.close());

const own = (query: string, { token }: Account = ada) =>
  api(inkwell).get<PostSummary[]>(`${POSTS}?author=me${query}`, token);
const titles = async (query: string, account?: Account) =>
  (await own(query, account)).body.map(({ title }) => title);

describe('GET /blog/api/posts?author=me', () => {
  it.each(['', '&status=draft', '&status=published', '&sort=title'])(
    'asks for a login with 401 (%s)',
    async (query) => {
      const refused = await api(inkwell).get(`${POSTS}?author=me${query}`);
      expect(refused).toMatchObject({ status: 401, body: { code: 'auth.required' } });
      expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer/);
    },
  );

  it('shows drafts and published posts with their status, newest first', async () => {
    const { body } = await own('');
    expect(body.map(({ title, status }) => [title, status])).toEqual([
      ['Gamma', 'draft'],
      ['가나다', 'published'],
      ['Alpha', 'draft'],
      ['beta', 'published'],
    ]);
    expect(await titles('&status=draft')).toEqual(['Gamma', 'Alpha']);
    expect(await titles('&status=published')).toEqual(['가나다', 'beta']);
  });

  it('is for administrators also their own', async () => {
    expect(await titles('', root)).toEqual(['Of root']);
    expect(await titles('&status=draft', root)).toEqual([]);
    expect(await titlesFrom(inkwell, `${POSTS}?status=draft`, root.token)).toEqual([
      'Of eve',
      'Gamma',
      'Alpha',
    ]);
  });

  it('is never cached', async () => {
    for (let times = 0; times < 2; times += 1) {
      const { headers } = await own('&status=published');
      expect(headers.get('cache-control')).toBe('private, no-store');
      expect(headers.get('cache-status')).toBe('inkwell; fwd=bypass');
    }
    expect(await titles('', eve)).toEqual(['Of eve']);
  });

  it.each([
    ['newest', ['Gamma', '가나다', 'Alpha', 'beta']],
    ['oldest', ['beta', 'Alpha', '가나다', 'Gamma']],
    ['updated', ['beta', 'Gamma', '가나다', 'Alpha']],
    ['title', ['Alpha', 'beta', 'Gamma', '가나다']],
  ])('sorts by %s, from page to page', async (sort, expected) => {
    expect(await titles(`&sort=${sort}`)).toEqual(expected);
    const path = `${POSTS}?author=me&sort=${sort}&limit=1`;
    expect(await titlesFrom(inkwell, path, ada.token)).toEqual(expected);
  });

  it('is filtered by category, tag and words', async () => {
    expect(await titles('&category=tea')).toEqual(['Gamma', 'beta']);
    expect(await titles('&category=tea&status=draft')).toEqual(['Gamma']);
    expect(await titles('&tag=green')).toEqual(['beta']);
    expect(await titles('&q=rare')).toEqual(['Alpha']);
  });

  it('shows a change at once', async () => {
    const post = await written(inkwell, eve, { title: 'Passing' });
    expect(await titles('&status=published', eve)).toEqual(['Passing']);
    await api(inkwell).patch(pathOf(post.id), { status: 'draft' }, eve.token);
    expect(await titles('&status=published', eve)).toEqual([]);
    await api(inkwell).delete(pathOf(post.id), eve.token);
    expect(await titles('', eve)).toEqual(['Of eve']);
  });
});

describe('Total-Count', () => {
  const countOf = async (query: string, { token }: Account = ada) =>
    (await api(inkwell).get(`${POSTS}?${query}`, token)).headers.get('total-count');

  it.each([
    ['author=me', '4'],
    ['author=me&limit=1', '4'],
    ['author=me&limit=1&offset=3', '4'],
    ['author=me&status=draft', '2'],
    ['status=draft', '2'],
    ['author=me&category=tea&q=changed', '1'],
    ['author=me&tag=never', '0'],
  ])('counts the posts of all pages of ?%s', async (query, count) => {
    expect(await countOf(query)).toBe(count);
  });

  it('stays the same on every page', async () => {
    const next = nextOf((await own('&limit=1&sort=title')).headers)!;
    expect(await countOf(next.split('?')[1]!)).toBe('4');
  });

  it('counts all drafts for administrators, and is not told about public lists', async () => {
    expect(await countOf('status=draft', root)).toBe('3');
    expect(await countOf('author=ada', root)).toBeNull();
    expect((await api(inkwell).get(POSTS)).headers.has('total-count')).toBe(false);
  });
});

describe('GET /blog/api/posts', () => {
  it.each([
    ['status=published', '/status'],
    ['status=published&author=ada', '/status'],
    ['status=all&author=me', '/status'],
    ['sort=newest', '/sort'],
    ['sort=title&author=ada', '/sort'],
    ['sort=random&author=me', '/sort'],
  ])('refuses ?%s with 400', async (query, pointer) => {
    const refused = await api(inkwell).get(`${POSTS}?${query}`, ada.token);
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ pointer }] } });
  });

  it('refuses the cursor of another order, status or account with 400', async () => {
    const path = nextOf((await own('&sort=title&status=draft&limit=1')).headers)!;
    const others = [
      path.replace('sort=title', 'sort=newest'),
      path.replace('sort=title', 'sort=updated'),
      path.replace('status=draft', 'status=published'),
      path.replace('author=me&', ''),
    ];
    expect((await api(inkwell).get(path, ada.token)).status).toBe(200);
    for (const other of others.slice(0, 3))
      expect((await api(inkwell).get(other, ada.token)).status).toBe(400);
    // For an author, both are the same list.
    expect((await api(inkwell).get(others[3]!, ada.token)).status).toBe(200);
    for (const other of [path, others[3]!])
      expect((await api(inkwell).get(other, root.token)).status).toBe(400);
  });
});
