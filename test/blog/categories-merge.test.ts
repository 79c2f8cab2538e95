import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Account } from '../support/accounts.js';
import { api } from '../support/documented-api.js';
import { outboxOf, query } from '../support/database.js';
import type { Inkwell } from '../support/start-inkwell.js';
import {
  bodyOf,
  type Category,
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

describe('POST /blog/api/categories/:id/merge', () => {
  it('moves all posts, drafts included, and leads every old address to the other category', async () => {
    const { category: from, post, places } = await shown(on, 'Old shelf', 'shelf');
    await revise(on, from.id, { name: 'Older shelf' });
    const draft = await written(inkwell, ada, { category_name: 'Older shelf', status: 'draft' });
    const { category: into } = await shown(on, 'New shelf', 'board');
    for (const replica of [inkwell, other])
      for (const place of [...places, `${POSTS}?category=new-shelf`, '/blog/?category=new-shelf'])
        await get(replica, place);
    const { status, body } = await merge(on, from.id, into.id);
    expect([status, body]).toEqual([200, expect.objectContaining({ id: into.id, post_count: 2 })]);
    for (const replica of [other, inkwell]) {
      for (const place of places)
        expect([place, await bodyOf(replica, place)]).toEqual([
          place,
          expect.not.stringMatching(/Older shelf/),
        ]);
      const list = await api(replica).get<PostSummary[]>(`${POSTS}?category=new-shelf`);
      expect(list.body.map(({ id }) => id)).toContain(post.id);
      for (const former of ['old-shelf', 'older-shelf'])
        expect((await get(replica, `/blog/?category=${former}`)).headers.get('location')).toBe(
          '/blog/?category=new-shelf',
        );
    }
    const found = await api(inkwell).get(`${POSTS}/${draft.id}`, ada.token);
    expect(found.body).toMatchObject({ category: { id: into.id } });
    expect(await query(inkwell, 'SELECT FROM categories WHERE id = $1', [from.id])).toHaveLength(0);
  });

  it('takes along what is in the trash, and texts that are not published yet', async () => {
    const { category: from, post } = await shown(on, 'Attic', 'dust');
    const { category: into } = await shown(on, 'Cellar', 'wine');
    const kept = await written(inkwell, ada, { category_name: 'attic' });
    await api(inkwell).delete(`${POSTS}/${post.id}`, ada.token);
    await query(
      inkwell,
      `INSERT INTO working_copies (post_id, text, base_version, base_tag, saved_by) VALUES ($1, '{"category_name": "attic"}', 1, '', $2)`,
      [kept.id, ada.id],
    );
    await revise(on, from.id, { name: 'Loft' });
    const copies = () =>
      query(inkwell, 'SELECT text, version FROM working_copies WHERE post_id = $1', [kept.id]);
    expect(await copies()).toEqual([{ text: { category_name: 'Loft' }, version: 2 }]);
    await merge(on, from.id, into.id);
    expect(await copies()).toEqual([{ text: { category_name: 'Cellar' }, version: 3 }]);
    expect((await api(inkwell).post(`${POSTS}/${post.id}/restore`, undefined, ada.token)).status).toBe(200);
    const restored = await api(other).get<{ category: Category }>(`${POSTS}/${post.id}`);
    expect(restored.body.category).toMatchObject({ id: into.id, name: 'Cellar' });
  });

  it('records one event, whatever the number of posts', async () => {
    const { category: from } = await shown(on, 'Many', 'many');
    for (let i = 0; i < 3; i += 1) await written(inkwell, ada, { category_name: 'Many' });
    const events = await outboxOf(inkwell, () => merge(on, from.id, 1));
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
    const { category } = await shown(on, 'Stays', 'stays');
    const codes = [];
    for (const [id, into] of [
      [1, category.id],
      [category.id, category.id],
      [category.id, 999_999],
      [999_999, 1],
    ] as const) {
      const { status, body } = await merge(on, id, into);
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
        merge(on, a.category.id, b.category.id),
        merge(on, b.category.id, a.category.id),
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
