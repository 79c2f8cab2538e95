import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Account } from '../support/accounts.js';
import { CategoriesService, NO_CATEGORY } from '../../src/blog/categories.service.js';
import { TransactionRunner } from '../../src/platform/outbox/transaction-runner.js';
import { api } from '../support/documented-api.js';
import { meeting, outboxOf } from '../support/database.js';
import type { Inkwell } from '../support/start-inkwell.js';
import {
  bodyOf,
  CATEGORIES,
  get,
  merge,
  type Replicas,
  revise,
  shown,
  twoReplicas,
} from './managed-categories.js';
import { type PostSummary, POSTS, written } from './posts.js';

let on: Replicas;
let inkwell: Inkwell;
let other: Inkwell;
let ada: Account;
beforeAll(async () => {
  on = await twoReplicas();
  ({ inkwell, other, ada } = on);
});
afterAll(() => on.close());

describe('PATCH /blog/api/categories/:id', () => {
  it('renames in every list, post and page of every replica', async () => {
    const { category, places } = await shown(on, 'Brewing', 'leaves');
    for (const replica of [inkwell, other])
      for (const place of places)
        expect([place, await bodyOf(replica, place)]).toEqual([place, expect.stringContaining('Brewing')]);
    const { status, body } = await revise(on, category.id, { name: 'Infusing' });
    expect([status, body]).toEqual([
      200,
      { id: category.id, name: 'Infusing', slug: 'infusing', color: expect.any(String), post_count: 1 },
    ]);
    for (const replica of [other, inkwell])
      for (const place of places) {
        // Lists of the former slug redirect.
        const showing = place.includes('category=') ? '' : 'Infusing';
        const text = await bodyOf(replica, place);
        expect([place, text]).toEqual([place, expect.not.stringMatching(/Brewing/)]);
        expect([place, text]).toEqual([place, expect.stringContaining(showing)]);
      }
  });

  it('redirects the former addresses, also after another rename', async () => {
    const { category, post } = await shown(on, 'Kettles', 'steel');
    for (const replica of [inkwell, other]) {
      expect((await api(replica).get<PostSummary[]>(`${POSTS}?category=pots`)).body).toEqual([]);
      expect((await get(replica, '/blog/?category=pots')).status).toBe(200);
    }
    await revise(on, category.id, { name: 'Pans' });
    await revise(on, category.id, { name: 'Pots' });
    for (const replica of [inkwell, other]) {
      for (const former of ['kettles', 'pans']) {
        const page = await get(replica, `/blog/?category=${former}`);
        expect([page.status, page.headers.get('location')]).toEqual([301, '/blog/?category=pots']);
        const list = await get(replica, `${POSTS}?category=${former}`);
        expect([list.status, list.headers.get('location')]).toEqual([308, `${POSTS}?limit=20&category=pots`]);
      }
      const { body } = await api(replica).get<PostSummary[]>(`${POSTS}?category=pots`);
      expect(body.map(({ id }) => id)).toEqual([post.id]);
      expect(await bodyOf(replica, '/blog/?category=pots')).toContain('Pots');
    }
  });

  it('gives a former slug to a new category of this name', async () => {
    const { category } = await shown(on, 'Mugs', 'clay');
    await revise(on, category.id, { name: 'Cups' });
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
    await revise(on, draft.category.id, { name: 'Secret plan' });
    expect((await get(other, `${POSTS}?category=hidden-plan`)).status).toBe(200);
    await api(inkwell).patch(`${POSTS}/${draft.id}`, { status: 'published' }, ada.token);
    expect((await get(other, `${POSTS}?category=hidden-plan`)).headers.get('location')).toContain(
      'category=secret-plan',
    );
  });

  it('keeps the slug when only the spelling changes', async () => {
    const { category } = await shown(on, 'green tea', 'green');
    const { body } = await revise(on, category.id, { name: 'Green Tea' });
    expect(body).toMatchObject({ name: 'Green Tea', slug: 'green-tea' });
    expect(await bodyOf(other, POSTS)).toContain('Green Tea');
  });

  it('changes the colour and evicts nothing but lists of categories', async () => {
    const { category } = await shown(on, 'Colourful', 'paint');
    const events = await outboxOf(inkwell, () => revise(on, category.id, { color: '#ABCDEF' }));
    expect(events.map(({ event, tags }) => [event, tags])).toEqual([['category.revised', ['categories']]]);
    expect(await bodyOf(other, CATEGORIES)).toContain('#abcdef');
    expect(await bodyOf(other, '/blog/')).toContain('#abcdef');
  });

  it('evicts no more than what shows the category', async () => {
    const { category } = await shown(on, 'Narrow', 'narrow');
    const { id } = category;
    const events = await outboxOf(inkwell, () => revise(on, id, { name: 'Narrower' }));
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
    expect((await revise(on, 1, { name: '일반' })).body).toMatchObject({
      id: 1,
      name: '일반',
      slug: 'ilban',
    });
    expect((await written(inkwell, ada)).category).toMatchObject({ id: 1, name: '일반' });
    const { app } = inkwell;
    const imported = await app
      .get(TransactionRunner)
      .run((tx) => app.get(CategoriesService).ensure(tx, [NO_CATEGORY]));
    expect(imported.get(NO_CATEGORY)).toMatchObject({ id: 1 });
    await revise(on, 1, { name: 'General' });
    expect((await get(other, `${POSTS}?category=general`)).status).toBe(200);
  });

  it('does it once for a repeated Idempotency-Key', async () => {
    const { category } = await shown(on, 'Once', 'once');
    const key = { 'idempotency-key': 'rename-1' };
    const first = await revise(on, category.id, { name: 'Once only' }, key);
    const second = await revise(on, category.id, { name: 'Once only' }, key);
    expect(second.body).toEqual(first.body);
    expect((await revise(on, category.id, { name: 'Twice' }, key)).status).toBe(422);
  });

  it.each([
    ['a name that another category has, in any case', { name: 'taken' }, 409, 'category.name_taken'],
    ['a colour that is none', { color: 'red' }, 400, 'request.invalid'],
    ['an empty name', { name: ' ' }, 400, 'request.invalid'],
    ['a slug', { slug: 'mine' }, 400, 'request.invalid'],
  ])('refuses %s', async (_, changes, status, code) => {
    await written(inkwell, ada, { category_name: 'Taken' });
    const { category } = await shown(on, 'Refused', 'refused');
    const refused = await revise(on, category.id, changes);
    expect([refused.status, refused.body]).toEqual([status, expect.objectContaining({ code })]);
    expect(await bodyOf(inkwell, `${POSTS}?category=refused`)).toContain('Refused');
  });

  it('is for administrators', async () => {
    const { category } = await shown(on, 'Guarded', 'guarded');
    expect((await revise(on, category.id, { name: 'Mine' }, {}, ada)).status).toBe(403);
    expect((await merge(on, category.id, 1, ada)).status).toBe(403);
    expect((await api(inkwell).patch(`${CATEGORIES}/${category.id}`, { name: 'Mine' })).status).toBe(401);
    expect((await revise(on, 999_999, { name: 'Nobody' })).body).toMatchObject({ code: 'category.unknown' });
    expect((await revise(on, 'x', { name: 'Nobody' })).status).toBe(400);
  });

  it('meets an edit of a post in the category, and no list keeps the old slug', async () => {
    const { category, post } = await shown(on, 'Rapids', 'river');
    const statuses = await meeting(inkwell, 'SELECT FROM posts WHERE id = $1 FOR UPDATE', [post.id], () => [
      revise(on, category.id, { name: 'Falls' }).then(({ status }) => status),
      api(inkwell)
        .patch(`${POSTS}/${post.id}`, { title: 'Water' }, ada.token)
        .then(({ status }) => status),
    ]);
    expect(statuses).toEqual([200, 200]);
    for (const replica of [inkwell, other]) {
      const { body } = await api(replica).get<PostSummary[]>(`${POSTS}?category=falls`);
      expect(body).toMatchObject([{ title: 'Water', category: { name: 'Falls', slug: 'falls' } }]);
    }
  });
});
