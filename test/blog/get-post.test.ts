import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Account, promote, registerAndLogin, removeAccount } from '../support/accounts.js';
import { api } from '../support/documented-api.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';
import { type PostDetail, POSTS, written } from './posts.js';

let inkwell: Inkwell;
let ada: Account;
let eve: Account;
let root: Account;
beforeAll(async () => {
  inkwell = await startInkwell();
  [ada, eve, root] = await Promise.all([
    registerAndLogin(inkwell, 'ada'),
    registerAndLogin(inkwell, 'eve'),
    registerAndLogin(inkwell, 'rooty'),
  ]);
  await promote(inkwell, 'rooty', 'admin');
});
afterAll(() => inkwell.close());

const get = (reference: string | number, account?: Account) =>
  api(inkwell).get<PostDetail>(`${POSTS}/${reference}`, account?.token);
const patch = (id: number, changes: object, account: Account = ada) =>
  api(inkwell).patch<PostDetail>(`${POSTS}/${id}`, changes, account.token);

describe('GET /blog/api/posts/:id', () => {
  it('answers by number and by slug with the same bytes and ETag', async () => {
    const post = await written(inkwell, ada, { tags: ['a'], category_name: 'Lab' });
    const [byId, bySlug] = [await get(post.id), await get(post.slug)];
    expect(byId).toMatchObject({ status: 200, body: post });
    expect(bySlug.body).toEqual(byId.body);
    expect(bySlug.headers.get('etag')).toBe(byId.headers.get('etag'));
    expect(byId.headers.get('cache-control')).toBe('public, no-cache');
  });

  it('answers HEAD without a body and If-None-Match with 304', async () => {
    const { id } = await written(inkwell, ada);
    const read = await get(id);
    const head = await api(inkwell).head(`${POSTS}/${id}`);
    expect(head).toMatchObject({ status: 200, body: undefined });
    expect(head.headers.get('etag')).toBe(read.headers.get('etag'));
    const again = await api(inkwell).get(`${POSTS}/${id}`, undefined, {
      'if-none-match': read.headers.get('etag')!,
    });
    expect(again).toMatchObject({ status: 304, body: undefined });
  });

  it('shows [deleted] as the author whose account is gone, at once', async () => {
    const gone = await registerAndLogin(inkwell, 'gone');
    const post = await written(inkwell, gone);
    expect((await get(post.id)).body.author).toBe('gone');
    expect((await removeAccount(inkwell, gone.id, gone.token)).status).toBe(204);
    expect((await get(post.id)).body.author).toBe('[deleted]');
    const list = await api(inkwell).get<{ id: number; author: string }[]>(POSTS);
    expect(list.body.find(({ id }) => id === post.id)?.author).toBe('[deleted]');
  });

  it('redirects a former slug with 308, for as long as no other post has it', async () => {
    const post = await written(inkwell, ada, { slug: 'first-home' });
    expect((await patch(post.id, { slug: 'second-home' })).status).toBe(200);
    const moved = await get('first-home');
    expect(moved.status).toBe(308);
    expect(moved.headers.get('location')).toBe(`${POSTS}/second-home`);

    const other = await written(inkwell, ada, { slug: 'first-home' });
    expect(await get('first-home')).toMatchObject({ status: 200, body: { id: other.id } });
    await api(inkwell).delete(`${POSTS}/${other.id}`, ada.token);
    expect((await get('first-home')).headers.get('location')).toBe(`${POSTS}/second-home`);
  });

  it('gives a former slug to no title by chance', async () => {
    const post = await written(inkwell, ada, { title: 'Cool address' });
    await patch(post.id, { slug: 'cooler-address' });
    expect((await written(inkwell, ada, { title: 'Cool address' })).slug).toBe('cool-address-2');
    expect((await get('cool-address')).headers.get('location')).toBe(`${POSTS}/cooler-address`);
  });

  it('lets a post have a former slug back', async () => {
    const post = await written(inkwell, ada, { slug: 'there' });
    await patch(post.id, { slug: 'back-again' });
    await patch(post.id, { slug: 'there' });
    expect((await get('there')).body.id).toBe(post.id);
    expect((await get('back-again')).headers.get('location')).toBe(`${POSTS}/there`);
  });

  it('gives the former slug of a post to nobody but its author', async () => {
    const post = await written(inkwell, ada, { slug: 'taken-home' });
    await patch(post.id, { slug: 'new-home' });
    const refused = await api(inkwell).post(
      POSTS,
      { title: 'x', content: 'x', slug: 'taken-home' },
      eve.token,
    );
    expect([refused.status, refused.body]).toMatchObject([409, { code: 'post.slug_taken' }]);
    const own = await written(inkwell, eve);
    expect((await patch(own.id, { slug: 'taken-home' }, eve)).status).toBe(409);
    expect((await get('taken-home')).headers.get('location')).toBe(`${POSTS}/new-home`);
  });

  it('is not led away from a public redirect by a draft', async () => {
    const post = await written(inkwell, ada, { slug: 'signpost' });
    await patch(post.id, { slug: 'signpost-moved' });
    const draft = await written(inkwell, ada, { slug: 'signpost', status: 'draft' });
    expect((await get('signpost')).headers.get('location')).toBe(`${POSTS}/signpost-moved`);
    expect((await get('signpost', ada)).body.id).toBe(draft.id);
    await patch(draft.id, { slug: 'signpost-draft' });
    expect((await get('signpost')).headers.get('location')).toBe(`${POSTS}/signpost-moved`);
    await patch(draft.id, { status: 'published', slug: 'signpost' });
    expect((await get('signpost')).body.id).toBe(draft.id);
  });

  it('finds again by its former slug a post that was unpublished, renamed and published', async () => {
    const post = await written(inkwell, ada, { slug: 'phoenix' });
    await patch(post.id, { status: 'draft' });
    await patch(post.id, { slug: 'phoenix-two' });
    expect((await get('phoenix')).status).toBe(404);
    await patch(post.id, { status: 'published' });
    expect((await get('phoenix')).headers.get('location')).toBe(`${POSTS}/phoenix-two`);
  });

  it('shows a draft to its author and to administrators alone, and to no cache', async () => {
    const draft = await written(inkwell, ada, { status: 'draft' });
    for (const reference of [draft.id, draft.slug]) {
      for (const account of [ada, root]) {
        const seen = await get(reference, account);
        expect(seen).toMatchObject({ status: 200, body: draft });
        expect(seen.headers.get('cache-control')).toBe('private, no-store');
        expect(seen.headers.get('etag')).toMatch(/^"1-/);
      }
      expect(await get(reference, eve)).toMatchObject({ status: 404, body: { code: 'post.not_found' } });
      expect(await get(reference)).toMatchObject({ status: 404, body: { code: 'post.not_found' } });
    }
  });

  it('shows a post from the moment of its publication, also where its absence was seen before', async () => {
    const draft = await written(inkwell, ada, { status: 'draft', slug: 'soon' });
    expect([(await get('soon')).status, (await get(draft.id)).status]).toEqual([404, 404]);
    await patch(draft.id, { status: 'published' });
    expect([(await get('soon')).status, (await get(draft.id)).status]).toEqual([200, 200]);
    await patch(draft.id, { status: 'draft' });
    expect([(await get('soon')).status, (await get(draft.id)).status]).toEqual([404, 404]);
  });

  it.each([
    '0',
    '-1',
    '007',
    '2147483648',
    '9007199254740993',
    '9e99',
    '1e0',
    '1.0',
    'nobody',
    'a'.repeat(300),
  ])('answers %s with 404', async (reference) => {
    expect(await get(reference)).toMatchObject({ status: 404, body: { code: 'post.not_found' } });
  });

  it.each(['%ea%b0%80', 'a%20b', "'%3B--", '..%2f..', '%F0%9F%9A%80'])(
    'answers %s with 404',
    async (reference) => {
      expect((await get(reference)).status).toBe(404);
    },
  );

  it.each(['x=1', 'limit=20', '__proto__=x'])('refuses ?%s with 400', async (query) => {
    const { id } = await written(inkwell, ada);
    for (let time = 0; time < 2; time += 1) {
      expect(await get(`${id}?${query}`)).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
      expect((await get(id)).status).toBe(200);
    }
  });

  it('refuses credentials that are not valid, though a post is public', async () => {
    const { id } = await written(inkwell, ada);
    expect((await api(inkwell).get(`${POSTS}/${id}`, 'not-a-token')).status).toBe(401);
  });
});
