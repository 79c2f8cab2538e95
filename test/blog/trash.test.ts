import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Housekeeping } from '../../src/platform/database/housekeeping.js';
import { PostsService } from '../../src/blog/posts.service.js';
import { type Account, promote, registerAndLogin, removeAccount } from '../support/accounts.js';
import { api } from '../support/documented-api.js';
import { outboxOf, query } from '../support/database.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';
import { type PostDetail, changesOf, pathOf, POSTS, titlesFrom, written } from './posts.js';

let inkwell: Inkwell;
let [ada, eve, root]: Account[] = [];
beforeAll(async () => {
  inkwell = await startInkwell();
  [ada, eve, root] = await Promise.all(
    ['ada', 'eve', 'rooty'].map((name) => registerAndLogin(inkwell, name)),
  );
  await promote(inkwell, 'rooty', 'admin');
});
afterAll(() => inkwell.close());

const { patch, remove } = changesOf(() => ({ inkwell, ada: ada! }));
const restore = (id: number | string, body?: object, { token }: { token?: string } = ada!, headers = {}) =>
  api(inkwell).post<PostDetail>(`${pathOf(id)}/restore`, body, token, headers);
const page = (path: string) => fetch(inkwell.url + path, { redirect: 'manual' });
const categories = async () =>
  (await api(inkwell).get<{ name: string }[]>('/blog/api/categories')).body.map(({ name }) => name);

describe('a deleted post', () => {
  it('is invisible everywhere, to its author and to administrators too', async () => {
    const post = await written(inkwell, ada!, {
      title: 'Vanishing',
      category_name: 'Fleeting',
      tags: ['gone'],
    });
    await patch(post.id, { slug: 'vanished' });
    await query(inkwell, `INSERT INTO former_addresses (path, post_id) VALUES ('/2020/vanishing.html', $1)`, [
      post.id,
    ]);
    expect((await page('/2020/vanishing.html')).status).toBe(301);
    const draft = await written(inkwell, ada!, { title: 'Vanishing draft', status: 'draft' });
    for (const { id } of [post, draft]) expect((await remove(id)).status).toBe(204);
    for (const { token } of [ada!, root!]) {
      expect((await api(inkwell).get(pathOf(post.id), token)).status).toBe(404);
      expect((await api(inkwell).get(pathOf('vanished'), token)).status).toBe(404);
      expect((await api(inkwell).get(pathOf('vanishing'), token)).status).toBe(404);
      expect((await patch(draft.id, { title: 'x' })).status).toBe(404);
      expect(await titlesFrom(inkwell, `${POSTS}?status=draft`, token)).not.toContain('Vanishing draft');
    }
    for (const filter of ['', '?q=vanishing', '?tag=gone', '?category=fleeting', '?author=ada'])
      expect(await titlesFrom(inkwell, POSTS + filter)).not.toContain('Vanishing');
    expect((await page('/blog/posts/vanished')).status).toBe(404);
    expect((await page('/2020/vanishing.html')).status).toBe(404);
    expect(await categories()).not.toContain('Fleeting');
    const exported: number[] = [];
    for await (const { id } of inkwell.appOf('/blog/').get(PostsService).exportAll()) exported.push(id);
    expect(exported).not.toContain(post.id);
  });

  it('leaves its slug to others', async () => {
    const { id } = await written(inkwell, ada!, { slug: 'for-others' });
    await remove(id);
    expect((await written(inkwell, eve!, { slug: 'for-others' })).slug).toBe('for-others');
  });

  it('goes with the account of its author', async () => {
    const mia = await registerAndLogin(inkwell, 'mia');
    const { id } = await written(inkwell, mia);
    await remove(id, mia);
    expect((await removeAccount(inkwell, mia.id, mia.token)).status).toBe(204);
    expect((await restore(id, undefined, root)).status).toBe(404);
    expect(await query(inkwell, 'SELECT FROM trashed_posts WHERE id = $1', [id])).toHaveLength(0);
  });

  it('is deleted for good after 30 days', async () => {
    const [old, young] = [await written(inkwell, ada!), await written(inkwell, ada!)];
    for (const { id } of [old, young]) await remove(id);
    await query(inkwell, `UPDATE trashed_posts SET trashed_at = now() - interval '30 days' WHERE id = $1`, [
      old.id,
    ]);
    expect((await restore(old.id)).status).toBe(404);
    const swept = await inkwell.appOf('/blog/').get(Housekeeping).sweep();
    expect(swept.get('posts in the trash')).toBe(1);
    expect(await query(inkwell, 'SELECT FROM trashed_posts WHERE id = $1', [old.id])).toHaveLength(0);
    expect((await restore(young.id)).status).toBe(200);
  });
});

describe('POST /blog/api/posts/:id/restore', () => {
  it('brings everything back: id, slug, dates, category, former addresses, search', async () => {
    const post = await written(inkwell, ada!, {
      ...{ title: 'Phoenix 불사조', category_name: 'Birds', tags: ['Ash'] },
    });
    await patch(post.id, { slug: 'the-phoenix' });
    await query(inkwell, `INSERT INTO former_addresses (path, post_id) VALUES ('/2020/phoenix.html', $1)`, [
      post.id,
    ]);
    await query(inkwell, `INSERT INTO imported_posts (source_key, post_id) VALUES ('phoenix', $1)`, [
      post.id,
    ]);
    const { body: before } = await api(inkwell).get<PostDetail>(pathOf(post.id));
    await remove(post.id);
    // Cached answers say that there is nothing.
    for (const path of [pathOf(post.id), pathOf('the-phoenix')])
      expect((await api(inkwell).get(path)).status).toBe(404);
    expect(await categories()).not.toContain('Birds');

    const restored = await restore(post.id);
    expect(restored.status).toBe(200);
    const { category, ...rest } = before;
    expect(restored.body).toMatchObject(rest);
    expect(restored.body.category).toMatchObject({ name: 'Birds', slug: 'birds' });
    expect((await api(inkwell).get(pathOf(post.id))).body).toEqual(restored.body);
    expect(category.name).toBe('Birds');
    expect((await page('/blog/posts/the-phoenix')).status).toBe(200);
    expect((await page(`/blog/posts/${post.slug}`)).status).toBe(301);
    expect((await page('/2020/phoenix.html')).headers.get('location')).toBe('/blog/posts/the-phoenix');
    for (const filter of ['', '?q=불사조', '?tag=ash', '?category=birds'])
      expect(await titlesFrom(inkwell, POSTS + filter)).toContain('Phoenix 불사조');
    expect(await categories()).toContain('Birds');
    expect(await query(inkwell, `SELECT post_id FROM imported_posts WHERE source_key = 'phoenix'`)).toEqual([
      { post_id: post.id },
    ]);
  });

  it('publishes what was published, and tells nobody of a draft', async () => {
    const [post, draft] = [await written(inkwell, ada!), await written(inkwell, ada!, { status: 'draft' })];
    for (const { id } of [post, draft]) await remove(id);
    const events = await outboxOf(inkwell, () => restore(post.id));
    expect(events.map(({ event }) => event)).toEqual(['post.published']);
    expect(events[0]!.payload).toMatchObject({ post: { id: post.id, version: 2 } });
    expect(await outboxOf(inkwell, () => restore(draft.id))).toEqual([]);
    expect((await api(inkwell).get(pathOf(draft.id), ada!.token)).body).toMatchObject({ status: 'draft' });
  });

  it('takes an answer once, and repeats it', async () => {
    const { id } = await written(inkwell, ada!);
    await remove(id);
    const key = { 'idempotency-key': 'once-restored' };
    const first = await restore(id, {}, ada, key);
    expect((await restore(id, {}, ada, key)).body).toEqual(first.body);
    expect((await restore(id)).body).toEqual(first.body);
    await remove(id);
    const all = await Promise.all([1, 2, 3, 4].map(() => restore(id)));
    expect(all.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(
      (await query<{ version: number }>(inkwell, 'SELECT version FROM posts WHERE id = $1', [id]))[0],
    ).toEqual({
      version: 3,
    });
  });

  it('answers 409 if another post has the slug now, and restores with another one', async () => {
    const { id } = await written(inkwell, ada!, { slug: 'coveted' });
    await remove(id);
    await written(inkwell, eve!, { slug: 'coveted' });
    const refused = await restore(id);
    expect(refused).toMatchObject({
      status: 409,
      body: {
        code: 'post.slug_taken',
        errors: [{ pointer: '/slug', detail: expect.stringContaining('coveted-2') }],
      },
    });
    const restored = await restore(id, { slug: 'coveted-2' });
    expect(restored).toMatchObject({ status: 200, body: { id, slug: 'coveted-2' } });
  });

  it('does not take over an address that leads to another post', async () => {
    const { id } = await written(inkwell, ada!, { slug: 'led-away' });
    await remove(id);
    const other = await written(inkwell, eve!, { slug: 'led-away' });
    await patch(other.id, { slug: 'led-further' }, eve);
    expect((await restore(id)).status).toBe(409);
    expect((await page('/blog/posts/led-away')).headers.get('location')).toBe('/blog/posts/led-further');
  });

  it('is for the author and administrators only', async () => {
    const { id } = await written(inkwell, ada!);
    await remove(id);
    expect((await restore(id, undefined, {})).status).toBe(401);
    expect((await restore(id, undefined, eve)).status).toBe(404);
    expect((await restore(id, undefined, root)).status).toBe(200);
    expect((await restore(id, undefined, eve)).status).toBe(403);
    for (const nothing of ['999999', '99999999999', 'no-post'])
      expect((await restore(nothing)).status).toBe(404);
    expect((await restore(id, { status: 'draft' })).status).toBe(400);
  });

  it('restores what was deleted before a column was added', async () => {
    const { id } = await written(inkwell, ada!);
    await remove(id);
    await query(inkwell, `ALTER TABLE posts ADD COLUMN added_later text NOT NULL DEFAULT 'as usual'`);
    expect((await restore(id)).status).toBe(200);
    expect(await query(inkwell, 'SELECT added_later FROM posts WHERE id = $1', [id])).toEqual([
      { added_later: 'as usual' },
    ]);
  });
});
