import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Account, promote, registerAndLogin } from '../support/accounts.js';
import { api } from '../support/documented-api.js';
import { meeting, outboxOf, query } from '../support/database.js';
import { type Inkwell, LONG_LEASE, startInkwell } from '../support/start-inkwell.js';
import { type PostSummary, POSTS, written } from './posts.js';

let inkwell: Inkwell;
let other: Inkwell;
let root: Account;
let ada: Account;
beforeAll(async () => {
  inkwell = await startInkwell(LONG_LEASE);
  other = await startInkwell(LONG_LEASE, { databaseUrl: inkwell.databaseUrl });
  root = await registerAndLogin(inkwell, 'root-1');
  await promote(inkwell, 'root-1', 'admin');
  ada = await registerAndLogin(inkwell, 'ada');
});
afterAll(async () => {
  await other.close();
  await inkwell.close();
});

interface Category {
  id: number;
  name: string;
  slug: string;
  color: string;
  post_count: number;
}
const CATEGORIES = '/blog/api/categories';
const revise = (id: number | string, changes: object, headers = {}, { token } = root) =>
  api(inkwell).patch<Category>(`${CATEGORIES}/${id}`, changes, token, headers);
const merge = (id: number, into: number, headers = {}, { token } = root) =>
  api(inkwell).post<Category>(`${CATEGORIES}/${id}/merge`, { into }, token, headers);
const get = (on: Inkwell, path: string) => api(on).get<unknown>(path);
const bodyOf = async (on: Inkwell, path: string): Promise<string> =>
  JSON.stringify((await get(on, path)).body ?? '');

/** @returns a post in a category of its own, and all places that show the category's name */
async function shown(name: string, tag: string) {
  const post = await written(inkwell, ada, { category_name: name, tags: [tag] });
  const places = [
    CATEGORIES,
    POSTS,
    `${POSTS}?limit=1`,
    `${POSTS}?tag=${tag}`,
    `${POSTS}?author=ada`,
    `${POSTS}?category=${post.category.slug}`,
    `${POSTS}?category=${post.category.slug}&tag=${tag}`,
    `${POSTS}/${post.id}`,
    `${POSTS}/${post.slug}`,
    '/blog/',
    `/blog/?tag=${tag}`,
    `/blog/?category=${post.category.slug}`,
    `/blog/posts/${post.slug}`,
    '/blog/categories',
  ];
  return { post, category: post.category, places };
}

describe('PATCH /blog/api/categories/:id', () => {
  it('renames in every list, post and page of every replica', async () => {
    const { category, places } = await shown('Brewing', 'leaves');
    for (const on of [inkwell, other])
      for (const place of places)
        expect([place, await bodyOf(on, place)]).toEqual([place, expect.stringContaining('Brewing')]);
    const { status, body } = await revise(category.id, { name: 'Infusing' });
    expect([status, body]).toEqual([
      200,
      { id: category.id, name: 'Infusing', slug: 'infusing', color: expect.any(String), post_count: 1 },
    ]);
    for (const on of [other, inkwell])
      for (const place of places) {
        // Lists of the former slug redirect.
        const showing = place.includes('category=') ? '' : 'Infusing';
        const text = await bodyOf(on, place);
        expect([place, text]).toEqual([place, expect.not.stringMatching(/Brewing/)]);
        expect([place, text]).toEqual([place, expect.stringContaining(showing)]);
      }
  });

  it('redirects the former addresses, also after another rename', async () => {
    const { category, post } = await shown('Kettles', 'steel');
    for (const on of [inkwell, other]) {
      expect((await api(on).get<PostSummary[]>(`${POSTS}?category=pots`)).body).toEqual([]);
      expect((await get(on, '/blog/?category=pots')).status).toBe(200);
    }
    await revise(category.id, { name: 'Pans' });
    await revise(category.id, { name: 'Pots' });
    for (const on of [inkwell, other]) {
      for (const former of ['kettles', 'pans']) {
        const page = await get(on, `/blog/?category=${former}`);
        expect([page.status, page.headers.get('location')]).toEqual([301, '/blog/?category=pots']);
        const list = await get(on, `${POSTS}?category=${former}`);
        expect([list.status, list.headers.get('location')]).toEqual([308, `${POSTS}?limit=20&category=pots`]);
      }
      const { body } = await api(on).get<PostSummary[]>(`${POSTS}?category=pots`);
      expect(body.map(({ id }) => id)).toEqual([post.id]);
      expect(await bodyOf(on, '/blog/?category=pots')).toContain('Pots');
    }
  });

  it('gives a former slug to a new category of this name', async () => {
    const { category } = await shown('Mugs', 'clay');
    await revise(category.id, { name: 'Cups' });
    expect((await get(other, `${POSTS}?category=mugs`)).status).toBe(308);
    const again = await written(inkwell, ada, { category_name: 'Mugs' });
    expect(again.category.slug).toBe('mugs');
    const { body } = await api(other).get<PostSummary[]>(`${POSTS}?category=mugs`);
    expect(body.map(({ id }) => id)).toEqual([again.id]);
    await api(inkwell).delete(`${POSTS}/${again.id}`, ada.token);
    expect((await get(other, `${POSTS}?category=mugs`)).headers.get('location')).toContain('category=cups');
  });

  it('does not lead to a category of drafts', async () => {
    const draft = await written(inkwell, ada, { category_name: 'Hidden plan', status: 'draft' });
    await revise(draft.category.id, { name: 'Secret plan' });
    expect((await get(other, `${POSTS}?category=hidden-plan`)).status).toBe(200);
    await api(inkwell).patch(`${POSTS}/${draft.id}`, { status: 'published' }, ada.token);
    expect((await get(other, `${POSTS}?category=hidden-plan`)).headers.get('location')).toContain(
      'category=secret-plan',
    );
  });

  it('keeps the slug when only the spelling changes', async () => {
    const { category } = await shown('green tea', 'green');
    const { body } = await revise(category.id, { name: 'Green Tea' });
    expect(body).toMatchObject({ name: 'Green Tea', slug: 'green-tea' });
    expect(await bodyOf(other, POSTS)).toContain('Green Tea');
  });

  it('changes the colour and evicts nothing but lists of categories', async () => {
    const { category } = await shown('Colourful', 'paint');
    const events = await outboxOf(inkwell, () => revise(category.id, { color: '#ABCDEF' }));
    expect(events.map(({ event, tags }) => [event, tags])).toEqual([['category.revised', ['categories']]]);
    expect(await bodyOf(other, CATEGORIES)).toContain('#abcdef');
    expect(await bodyOf(other, '/blog/')).toContain('#abcdef');
  });

  it('evicts no more than what shows the category', async () => {
    const { category } = await shown('Narrow', 'narrow');
    const { id } = category;
    const events = await outboxOf(inkwell, () => revise(id, { name: 'Narrower' }));
    expect(events.map(({ event, tags }) => [event, tags.toSorted()])).toEqual([
      [
        'category.revised',
        [
          'categories',
          `category:${id}`,
          'category-slug:narrow',
          'category-slug:narrower',
          'posts:category:narrow',
          'posts:category:narrower',
        ].toSorted(),
      ],
    ]);
  });

  it('renames General, which keeps its id', async () => {
    expect((await revise(1, { name: '일반' })).body).toMatchObject({ id: 1, name: '일반', slug: 'ilban' });
    expect((await written(inkwell, ada)).category).toMatchObject({ id: 1, name: '일반' });
    await revise(1, { name: 'General' });
    expect((await get(other, `${POSTS}?category=general`)).status).toBe(200);
  });

  it('does it once for a repeated Idempotency-Key', async () => {
    const { category } = await shown('Once', 'once');
    const key = { 'idempotency-key': 'rename-1' };
    const first = await revise(category.id, { name: 'Once only' }, key);
    const second = await revise(category.id, { name: 'Once only' }, key);
    expect(second.body).toEqual(first.body);
    expect((await revise(category.id, { name: 'Twice' }, key)).status).toBe(422);
  });

  it.each([
    ['a name that another category has, in any case', { name: 'taken' }, 409, 'category.name_taken'],
    ['a colour that is none', { color: 'red' }, 400, 'request.invalid'],
    ['an empty name', { name: ' ' }, 400, 'request.invalid'],
    ['a slug', { slug: 'mine' }, 400, 'request.invalid'],
  ])('refuses %s', async (_, changes, status, code) => {
    await written(inkwell, ada, { category_name: 'Taken' });
    const { category } = await shown('Refused', 'refused');
    const refused = await revise(category.id, changes);
    expect([refused.status, refused.body]).toEqual([status, expect.objectContaining({ code })]);
    expect(await bodyOf(inkwell, `${POSTS}?category=refused`)).toContain('Refused');
  });

  it('is for administrators', async () => {
    const { category } = await shown('Guarded', 'guarded');
    expect((await revise(category.id, { name: 'Mine' }, {}, ada)).status).toBe(403);
    expect((await merge(category.id, 1, {}, ada)).status).toBe(403);
    expect((await api(inkwell).patch(`${CATEGORIES}/${category.id}`, { name: 'Mine' })).status).toBe(401);
    expect((await revise(999_999, { name: 'Nobody' })).body).toMatchObject({ code: 'category.unknown' });
    expect((await revise('x', { name: 'Nobody' })).status).toBe(400);
  });

  it('meets an edit of a post in the category, and no list keeps the old slug', async () => {
    const { category, post } = await shown('Rapids', 'river');
    const statuses = await meeting(inkwell, 'SELECT FROM posts WHERE id = $1 FOR UPDATE', [post.id], () => [
      revise(category.id, { name: 'Falls' }).then(({ status }) => status),
      api(inkwell)
        .patch(`${POSTS}/${post.id}`, { title: 'Water' }, ada.token)
        .then(({ status }) => status),
    ]);
    expect(statuses).toEqual([200, 200]);
    for (const on of [inkwell, other]) {
      const { body } = await api(on).get<PostSummary[]>(`${POSTS}?category=falls`);
      expect(body).toMatchObject([{ title: 'Water', category: { name: 'Falls', slug: 'falls' } }]);
    }
  });
});

describe('POST /blog/api/categories/:id/merge', () => {
  it('moves all posts, drafts included, and leads every old address to the other category', async () => {
    const { category: from, post, places } = await shown('Old shelf', 'shelf');
    await revise(from.id, { name: 'Older shelf' });
    const draft = await written(inkwell, ada, { category_name: 'Older shelf', status: 'draft' });
    const { category: into } = await shown('New shelf', 'board');
    for (const on of [inkwell, other])
      for (const place of [...places, `${POSTS}?category=new-shelf`, '/blog/?category=new-shelf'])
        await get(on, place);
    const { status, body } = await merge(from.id, into.id);
    expect([status, body]).toEqual([200, expect.objectContaining({ id: into.id, post_count: 2 })]);
    for (const on of [other, inkwell]) {
      for (const place of places)
        expect([place, await bodyOf(on, place)]).toEqual([place, expect.not.stringMatching(/Older shelf/)]);
      const list = await api(on).get<PostSummary[]>(`${POSTS}?category=new-shelf`);
      expect(list.body.map(({ id }) => id)).toContain(post.id);
      for (const former of ['old-shelf', 'older-shelf'])
        expect((await get(on, `/blog/?category=${former}`)).headers.get('location')).toBe(
          '/blog/?category=new-shelf',
        );
    }
    const found = await api(inkwell).get(`${POSTS}/${draft.id}`, ada.token);
    expect(found.body).toMatchObject({ category: { id: into.id } });
    expect(await query(inkwell, 'SELECT FROM categories WHERE id = $1', [from.id])).toHaveLength(0);
  });

  it('records one event, whatever the number of posts', async () => {
    const { category: from } = await shown('Many', 'many');
    for (let i = 0; i < 3; i += 1) await written(inkwell, ada, { category_name: 'Many' });
    const events = await outboxOf(inkwell, () => merge(from.id, 1));
    expect(events.map(({ event, tags }) => [event, tags.toSorted()])).toEqual([
      [
        'category.merged',
        [
          'categories',
          `category:${from.id}`,
          'posts:category:general',
          'posts:category:many',
          'category-slug:many',
        ].toSorted(),
      ],
    ]);
  });

  it('refuses to merge General away, or a category into itself or into none', async () => {
    const { category } = await shown('Stays', 'stays');
    const codes = [];
    for (const [id, into] of [
      [1, category.id],
      [category.id, category.id],
      [category.id, 999_999],
      [999_999, 1],
    ] as const) {
      const { status, body } = await merge(id, into);
      codes.push([status, (body as unknown as { code: string }).code]);
    }
    expect(codes).toEqual([
      [409, 'category.always_exists'],
      [422, 'category.not_found'],
      [422, 'category.not_found'],
      [404, 'category.unknown'],
    ]);
    expect(await bodyOf(other, CATEGORIES)).toContain('Stays');
  });

  it('neither fails nor loses a post while others write, move and merge back', async () => {
    for (let round = 0; round < 10; round += 1) {
      const [one, two] = [`Here ${round}`, `There ${round}`];
      const [a, b] = [
        await written(inkwell, ada, { category_name: one }),
        await written(inkwell, ada, { category_name: two }),
      ];
      const answers = await Promise.all([
        merge(a.category.id, b.category.id),
        merge(b.category.id, a.category.id),
        api(other).post<PostSummary>(POSTS, { title: 'In', content: 'x', category_name: one }, ada.token),
        api(other).patch(`${POSTS}/${b.id}`, { category_name: one }, ada.token),
      ]);
      expect(answers.slice(2).map(({ status }) => status)).toEqual([201, 200]);
      const rows = await query<{ name: string }>(
        inkwell,
        'SELECT c.name FROM posts p JOIN categories c ON c.id = p.category_id WHERE p.id = ANY ($1)',
        [[a.id, b.id, answers[2].body.id]],
      );
      expect(rows).toHaveLength(3);
    }
  });
});
