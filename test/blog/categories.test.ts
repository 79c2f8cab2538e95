import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Client } from 'pg';
import { type Account, promote, registerAndLogin } from '../support/accounts.js';
import { api } from '../support/documented-api.js';
import { outboxOf, query } from '../support/database.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';
import { POSTS, write, written } from './posts.js';

let inkwell: Inkwell;
let ada: Account;
beforeAll(async () => {
  inkwell = await startInkwell();
  ada = await registerAndLogin(inkwell, 'ada');
});
afterAll(() => inkwell.close());

interface Category {
  id: number;
  name: string;
  slug: string;
  color: string;
  post_count: number;
}
const list = () => api(inkwell).get<Category[]>('/blog/api/categories');
const listed = async (name: string) => (await list()).body.find((category) => category.name === name);
const stored = (name: string) =>
  query<{ id: number }>(inkwell, 'SELECT id FROM categories WHERE name = $1', [name]);
const remove = (id: number) => api(inkwell).delete(`${POSTS}/${id}`, ada.token);
const patch = (id: number, change: object) => api(inkwell).patch(`${POSTS}/${id}`, change, ada.token);

describe('a category that has only drafts', () => {
  it('is found by its id by their author and administrators, and by nobody else', async () => {
    const eve = await registerAndLogin(inkwell, 'eve');
    const root = await registerAndLogin(inkwell, 'root-1');
    await promote(inkwell, 'root-1', 'admin');
    const { category } = await written(inkwell, ada, { category_name: 'Secret plan', status: 'draft' });
    const own = await written(inkwell, eve, { status: 'draft' });
    /** Eve names a category for a new post, and for one of her own. @returns the answers */
    const answerFor = async (category_id: number): Promise<string[]> => {
      const created = await write(inkwell, eve, { category_id });
      const changed = await api(inkwell).patch(`${POSTS}/${own.id}`, { category_id }, eve.token);
      const texts = [created, changed].map(({ status, body }) =>
        JSON.stringify({ ...body, status, instance: '' }),
      );
      return texts.map((text) =>
        text.replace(`id ${category_id}.`, 'id N.').replace(/"request_id":"[^"]*"/, ''),
      );
    };
    const [aboutSecret, aboutNone] = [await answerFor(category.id), await answerFor(999_999)];
    expect(aboutNone[0]).toContain('"status":422');
    expect(aboutSecret).toEqual(aboutNone);
    for (const [account, status] of [
      [ada, 'draft'],
      [root, 'draft'],
      [ada, 'published'],
      [eve, 'published'],
    ] as const)
      expect(await written(inkwell, account, { category_id: category.id, status })).toMatchObject({
        category,
      });
    await query(inkwell, 'DELETE FROM posts');
    await query(inkwell, 'DELETE FROM categories WHERE id <> 1');
  });
});

describe('GET /blog/api/categories', () => {
  it('has General before there is any post', async () => {
    const { status, body, headers } = await list();
    expect(status).toBe(200);
    expect(body).toEqual([{ id: 1, name: 'General', slug: 'general', color: '#64748b', post_count: 0 }]);
    expect(headers.get('cache-control')).toBe('public, no-cache');
    expect(headers.get('etag')).toMatch(/^"[\w-]+"$/);
  });

  it('counts published posts at once, by name without regard to case', async () => {
    const posts = [];
    for (const category_name of ['zebra', 'Apple', 'banana', 'Apple', '여행']) {
      posts.push(await written(inkwell, ada, { category_name }));
    }
    await written(inkwell, ada, { category_name: 'Apple', status: 'draft' });
    const { body } = await list();
    expect(body.map(({ name, post_count }) => [name, post_count])).toEqual([
      ['Apple', 2],
      ['banana', 1],
      ['General', 0],
      ['zebra', 1],
      ['여행', 1],
    ]);
    expect(body.every(({ color }) => /^#[0-9a-f]{6}$/.test(color))).toBe(true);
    expect(body.map(({ slug }) => slug)).toEqual(['apple', 'banana', 'general', 'zebra', 'yeohaeng']);
    for (const { id } of posts) await remove(id);
    expect((await list()).body.map(({ name }) => name)).toEqual(['General']);
  });

  it('hides a category of drafts alone until one is published', async () => {
    const draft = await written(inkwell, ada, { category_name: 'Secret plans', status: 'draft' });
    expect(await listed('Secret plans')).toBeUndefined();
    await patch(draft.id, { status: 'published' });
    expect(await listed('Secret plans')).toMatchObject({ post_count: 1 });
    await patch(draft.id, { status: 'draft' });
    expect(await listed('Secret plans')).toBeUndefined();
    expect(await stored('Secret plans')).toHaveLength(1);
  });

  it('gives categories of one slug different ones', async () => {
    const [one, other] = [
      await written(inkwell, ada, { category_name: 'R & D' }),
      await written(inkwell, ada, { category_name: 'R and D' }),
    ];
    expect([one.category.slug, other.category.slug]).toEqual(['r-and-d', 'r-and-d-2']);
  });

  it('refuses unknown query parameters with 400', async () => {
    expect((await api(inkwell).get('/blog/api/categories?x=1')).status).toBe(400);
  });
});

describe('a category', () => {
  it('goes with its last post, drafts included, and comes back as another one', async () => {
    const [post, draft] = [
      await written(inkwell, ada, { category_name: 'Passing' }),
      await written(inkwell, ada, { category_name: 'Passing', status: 'draft' }),
    ];
    await remove(post.id);
    expect(await stored('Passing')).toHaveLength(1);
    const events = await outboxOf(inkwell, () => remove(draft.id));
    expect(events.map(({ event }) => event)).toEqual(['category.removed']);
    expect(await stored('Passing')).toHaveLength(0);
    expect((await written(inkwell, ada, { category_name: 'Passing' })).category.id).not.toBe(
      post.category.id,
    );
  });

  it('is General for ever', async () => {
    const { id } = await written(inkwell, ada);
    await remove(id);
    await query(inkwell, 'DELETE FROM posts WHERE category_id = 1');
    const last = await written(inkwell, ada);
    await remove(last.id);
    expect(await stored('General')).toEqual([{ id: 1 }]);
  });

  it('is made once by posts that name it at the same moment, in whatever case', async () => {
    const names = ['New Wave', 'new wave', 'NEW WAVE', 'New wave'];
    const made = await Promise.all(
      Array.from({ length: 12 }, (_, i) => written(inkwell, ada, { category_name: names[i % 4] })),
    );
    expect(new Set(made.map((post) => post.category.id)).size).toBe(1);
    expect(await query(inkwell, `SELECT FROM categories WHERE lower(name) = 'new wave'`)).toHaveLength(1);
  });

  it('neither fails nor is lost when its last post goes while another one comes', async () => {
    for (let round = 0; round < 25; round += 1) {
      const name = `Revolving door ${round}`;
      const last = await written(inkwell, ada, { category_name: name });
      const [removed, ...made] = await Promise.all([
        remove(last.id),
        write(inkwell, ada, { category_name: name }),
        write(inkwell, ada, { category_name: name }),
      ]);
      expect([removed.status, ...made.map(({ status }) => status)]).toEqual([204, 201, 201]);
      expect(await stored(name)).toEqual([{ id: made[0]?.body.category.id }]);
    }
  });

  it('goes when its last two posts go at the same moment', async () => {
    for (let round = 0; round < 15; round += 1) {
      const name = `Closing time ${round}`;
      const posts = [
        await written(inkwell, ada, { category_name: name }),
        await written(inkwell, ada, { category_name: name }),
      ];
      const gone = await Promise.all([remove(posts[0]!.id), patch(posts[1]!.id, { category_id: 1 })]);
      expect(gone.map(({ status }) => status)).toEqual([204, 200]);
      expect(await stored(name)).toEqual([]);
    }
  });

  it('changes places with another one without a deadlock', async () => {
    const send = jest.spyOn(Client.prototype, 'query');
    for (let round = 0; round < 15; round += 1) {
      const [one, other] = [`Left ${round}`, `Right ${round}`];
      const posts = [
        await written(inkwell, ada, { category_name: one }),
        await written(inkwell, ada, { category_name: other }),
      ];
      const moved = await Promise.all([
        patch(posts[0]!.id, { category_name: other }),
        patch(posts[1]!.id, { category_name: one }),
      ]);
      expect(moved.map(({ status }) => status)).toEqual([200, 200]);
    }
    // The transaction runner would hide a deadlock by trying again.
    const sent: unknown[] = send.mock.calls.map(([text]) => text);
    send.mockRestore();
    expect(sent).toContain('COMMIT');
    expect(sent).not.toContain('ROLLBACK');
  });
});
