import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Account, promote, registerAndLogin } from '../support/accounts.js';
import { api } from '../support/documented-api.js';
import { query } from '../support/database.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';
import { changesOf, newPost, pathOf, type PostDetail, POSTS, titlesFrom, written } from './posts.js';

let inkwell: Inkwell;
let ada: Account;
let eve: Account;
let root: Account;
let reader: Account;
beforeAll(async () => {
  inkwell = await startInkwell();
  [ada, eve, root, reader] = await Promise.all([
    registerAndLogin(inkwell, 'ada'),
    registerAndLogin(inkwell, 'eve'),
    registerAndLogin(inkwell, 'rooty'),
    registerAndLogin(inkwell, 'rita'),
  ]);
  await Promise.all([promote(inkwell, 'rooty', 'admin'), promote(inkwell, 'rita', 'reader')]);
});
afterAll(() => inkwell.close());

const { patch, remove, etagOf, stored } = changesOf(() => ({ inkwell, ada }));
const put = (id: number | string, body: object, account: Account = ada) =>
  api(inkwell).put<PostDetail>(pathOf(id), body, account.token);

describe('PATCH /blog/api/posts/:id', () => {
  it('changes what it names, keeps the rest, and counts the version up', async () => {
    const post = await written(inkwell, ada, { tags: ['a', 'b'], category_name: 'Before' });
    const changed = await patch(post.id, { title: 'New title' });
    expect(changed.status).toBe(200);
    expect(changed.body).toEqual({ ...post, title: 'New title', updated_at: changed.body.updated_at });
    expect(changed.body.updated_at > post.updated_at).toBe(true);
    expect(changed.headers.get('etag')).toMatch(/^"2-/);
    expect(changed.headers.get('etag')).toBe(await etagOf(post.id));
    expect(changed.headers.get('cache-control')).toBe('private, no-store');
  });

  it.each(['application/merge-patch+json', 'Application/Merge-Patch+JSON; charset=utf-8'])(
    'takes %s',
    async (type) => {
      const { id } = await written(inkwell, ada);
      const headers = { 'content-type': type };
      const changed = await api(inkwell).patch(pathOf(id), { title: 'Merged' }, ada.token, headers);
      expect(changed).toMatchObject({ status: 200, body: { title: 'Merged' } });
      const bio = await api(inkwell).patch('/api/users/ada', { bio: 'Merged' }, ada.token, headers);
      expect(bio).toMatchObject({ status: 200, body: { bio: 'Merged' } });
      expect((await api(inkwell).put(pathOf(id), newPost(), ada.token, headers)).status).toBe(415);
      expect((await api(inkwell).post(POSTS, newPost(), ada.token, headers)).status).toBe(415);
    },
  );

  it('tells when a post was published first', async () => {
    const draft = await written(inkwell, ada, { status: 'draft' });
    expect(draft).toMatchObject({ published_at: null });
    const published = (await patch(draft.id, { status: 'published' })).body;
    expect(published.published_at).toBe(published.created_at);
    expect((await patch(draft.id, { status: 'draft' })).body.published_at).toBe(published.published_at);
    await patch(draft.id, { status: 'published' });
    const { body } = await api(inkwell).get<PostDetail[]>(`${POSTS}?limit=1`);
    expect(body[0]).toMatchObject({ id: draft.id, published_at: published.published_at });
    expect(body[0]).not.toHaveProperty('status');
  });

  it('shows the status on lists of drafts', async () => {
    const draft = await written(inkwell, ada, { status: 'draft' });
    const { body } = await api(inkwell).get<PostDetail[]>(`${POSTS}?status=draft`, ada.token);
    expect(body.find(({ id }) => id === draft.id)).toMatchObject({ status: 'draft', published_at: null });
  });

  it('finds the post by its slug too', async () => {
    const post = await written(inkwell, ada);
    expect((await patch(post.slug, { title: 'By slug' })).body).toMatchObject({
      id: post.id,
      title: 'By slug',
    });
  });

  it('renders new content, and finds the post by its new words and not by its old ones', async () => {
    const post = await written(inkwell, ada, { content: 'zebra' });
    const changed = await patch(post.id, { content: '*giraffe*', tags: ['Safari'] });
    expect(changed.body.content_html).toBe('<p><em>giraffe</em></p>\n');
    expect(await titlesFrom(inkwell, `${POSTS}?q=zebra`)).toEqual([]);
    expect(await titlesFrom(inkwell, `${POSTS}?q=giraffe`)).toEqual([post.title]);
    expect(await titlesFrom(inkwell, `${POSTS}?q=safari`)).toEqual([post.title]);
  });

  it.each([{}, { status: 'published' }])('changes nothing by %j, not even the version', async (nothing) => {
    const post = await written(inkwell, ada);
    const changed = await patch(post.id, { ...nothing, title: post.title, tags: [] });
    expect(changed).toMatchObject({ status: 200, body: post });
    expect(changed.headers.get('etag')).toMatch(/^"1-/);
  });

  it('moves the post to another category and removes the one it leaves empty', async () => {
    const post = await written(inkwell, ada, { category_name: 'Old room' });
    const moved = await patch(post.id, { category_name: 'New room' });
    expect(moved.body.category).toMatchObject({ name: 'New room', slug: 'new-room' });
    const names = await query<{ name: string }>(
      inkwell,
      `SELECT name FROM categories WHERE name LIKE '%room'`,
    );
    expect(names).toEqual([{ name: 'New room' }]);
  });

  it('dates a draft by its first publication, and only by that', async () => {
    const draft = await written(inkwell, ada, { status: 'draft' });
    const later = await written(inkwell, ada);
    const published = (await patch(draft.id, { status: 'published' })).body;
    expect(published.created_at > later.created_at).toBe(true);
    expect((await titlesFrom(inkwell, POSTS))[0]).toBe(draft.title);
    await patch(draft.id, { status: 'draft' });
    const again = await patch(draft.id, { status: 'published' });
    expect(again.body.created_at).toBe(published.created_at);
  });

  it('refuses a slug of another post with 409', async () => {
    const [one, other] = [await written(inkwell, ada), await written(inkwell, ada)];
    const refused = await patch(one.id, { slug: other.slug, title: 'Not this' });
    expect(refused).toMatchObject({ status: 409, body: { code: 'post.slug_taken' } });
    expect(await stored(one.id)).toMatchObject({ slug: one.slug, title: one.title, version: 1 });
  });

  it('refuses a category that does not exist with 422', async () => {
    const { id } = await written(inkwell, ada);
    expect(await patch(id, { category_id: 999_999 })).toMatchObject({ status: 422 });
  });

  it.each([
    { title: ' ' },
    { content: '' },
    { content: 'a'.repeat(200_001) },
    { category_id: 1, category_name: 'a' },
    { version: 2 },
    { created_at: '2020-01-01T00:00:00Z' },
    { author: 'eve' },
    { title: null },
    [],
  ])('refuses %j with 400 and changes nothing', async (change) => {
    const { id } = await written(inkwell, ada);
    expect(await patch(id, change)).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
    expect((await stored(id))?.version).toBe(1);
  });
});

describe('PUT /blog/api/posts/:id', () => {
  it('replaces what the author writes, and leaves slug and status when it does not name them', async () => {
    const draft = await written(inkwell, ada, {
      tags: ['a'],
      category_name: 'Put',
      status: 'draft',
      slug: 'put-here',
    });
    const replaced = await put(draft.id, { title: 'Other', content: 'Other text' });
    expect(replaced).toMatchObject({
      status: 200,
      body: {
        id: draft.id,
        slug: 'put-here',
        title: 'Other',
        content: 'Other text',
        tags: [],
        status: 'draft',
        category: { id: 1, name: 'General', slug: 'general' },
      },
    });
  });

  it('publishes and moves when it says so', async () => {
    const draft = await written(inkwell, ada, { status: 'draft' });
    const body = newPost({ status: 'published', slug: 'put-there', tags: ['b'], category_name: 'Putting' });
    expect((await put(draft.id, body)).body).toMatchObject({
      ...{ status: 'published', slug: 'put-there', tags: ['b'] },
      category: { name: 'Putting' },
    });
  });

  it('is the same when it is repeated', async () => {
    const { id } = await written(inkwell, ada);
    const body = newPost({ tags: ['x'] });
    const [once, twice] = [await put(id, body), await put(id, body)];
    expect(twice.body).toEqual(once.body);
    expect(twice.headers.get('etag')).toBe(once.headers.get('etag'));
  });

  it('refuses half a post with 400', async () => {
    const { id } = await written(inkwell, ada);
    expect(await put(id, { title: 'Only' })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/content' }] },
    });
  });
});

describe('DELETE /blog/api/posts/:id', () => {
  it('answers 204 once and 404 from then on', async () => {
    const post = await written(inkwell, ada, { category_name: 'Short-lived' });
    expect(await remove(post.id)).toMatchObject({ status: 204, body: undefined });
    expect((await remove(post.id)).status).toBe(404);
    expect((await api(inkwell).get(pathOf(post.slug))).status).toBe(404);
    expect(await query(inkwell, `SELECT FROM categories WHERE name = 'Short-lived'`)).toHaveLength(0);
  });

  it('lets one of several deletions at the same moment win', async () => {
    const { id } = await written(inkwell, ada, { category_name: 'Crowded' });
    const statuses = (await Promise.all([1, 2, 3, 4].map(() => remove(id)))).map(({ status }) => status);
    expect(statuses.sort()).toEqual([204, 404, 404, 404]);
  });
});

describe.each([
  ['PUT', (id: number, account?: Account) => api(inkwell).put(pathOf(id), newPost(), account?.token)],
  [
    'PATCH',
    (id: number, account?: Account) => api(inkwell).patch(pathOf(id), { title: 'x' }, account?.token),
  ],
  ['DELETE', (id: number, account?: Account) => api(inkwell).delete(pathOf(id), account?.token)],
])('%s /blog/api/posts/:id, by whom', (_, change) => {
  it('asks for a login with 401', async () => {
    const { id } = await written(inkwell, ada);
    expect(await change(id)).toMatchObject({ status: 401, body: { code: 'auth.required' } });
  });

  it("refuses somebody else's post with 403, and hides a draft with 404", async () => {
    const post = await written(inkwell, ada);
    const draft = await written(inkwell, ada, { status: 'draft' });
    for (const stranger of [eve, reader]) {
      expect(await change(post.id, stranger)).toMatchObject({
        status: 403,
        body: { code: 'post.not_yours' },
      });
      expect(await change(draft.id, stranger)).toMatchObject({
        status: 404,
        body: { code: 'post.not_found' },
      });
    }
    expect([(await stored(post.id))?.version, (await stored(draft.id))?.version]).toEqual([1, 1]);
  });

  it('lets an administrator do it, and the author stays', async () => {
    const { id } = await written(inkwell, ada);
    expect((await change(id, root)).status).toBeLessThan(300);
    expect([undefined, ada.id]).toContain(
      ((await stored(id)) as { author_id?: number } | undefined)?.author_id,
    );
  });

  it('refuses an author who may not write any more with 403', async () => {
    const former = await registerAndLogin(inkwell, `former${Date.now() % 1e6}`);
    const { id } = await written(inkwell, former);
    await promote(inkwell, former.username, 'reader');
    expect((await change(id, former)).status).toBe(403);
  });

  it('answers what does not exist with 404', async () => {
    expect((await change(2_147_483_647, ada)).status).toBe(404);
    expect((await change(9e99, ada)).status).toBe(404);
  });
});
