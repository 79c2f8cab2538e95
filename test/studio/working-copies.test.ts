import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EditableText } from '../../src/blog/editing.service.js';
import { type Account, login, promote } from '../support/accounts.js';
import { api } from '../support/api.js';
import { outboxOf, query } from '../support/database.js';
import { untilHits } from '../support/hits.js';
import { type Inkwell, LONG_LEASE, startInkwell } from '../support/start-inkwell.js';
import { signedIn, type StudioBrowser } from '../support/studio.js';
import { pathOf, POSTS, written } from '../blog/posts.js';
import { call, editorOf } from './editor-calls.js';

let inkwell: Inkwell;
let ada: StudioBrowser;
let root: StudioBrowser;
let token: Pick<Account, 'token'>;
beforeAll(async () => {
  inkwell = await startInkwell(LONG_LEASE);
  [ada, root] = [await signedIn(inkwell, 'ada'), await signedIn(inkwell, 'rooty')];
  await promote(inkwell, 'rooty', 'admin');
  token = await login(inkwell, 'ada');
});
afterAll(() => inkwell.close());

const { open, save, publish } = editorOf(() => ({ ada }));
const publicText = async (id: number) =>
  (await api(inkwell).get<{ title: string; content: string; slug: string }>(pathOf(id))).body;

describe('a published post', () => {
  it('is edited where nobody sees it: no event, no change of any cached answer', async () => {
    const post = await written(inkwell, token, { title: 'Public', content: 'Old.', category_name: 'Seen' });
    const paths = [pathOf(post.id), POSTS, '/blog/', `/blog/posts/${post.slug}`, '/blog/api/categories'];
    const before = [];
    for (const path of paths) before.push(await (await untilHits(() => fetch(inkwell.url + path))).text());
    const { etag, document } = await open(post.id);
    const events = await outboxOf(inkwell, async () => {
      const text = {
        title: 'Secret',
        content: 'New.',
        slug: 'secret',
        category_name: 'Hidden',
        tags: ['hush'],
      };
      const saved = await save(post.id, text, etag);
      expect(saved.document).toMatchObject({
        ...{ status: 'published', has_working_copy: true, base: document.post_etag, text },
        published: { title: 'Public', content: 'Old.' },
      });
      expect((await save(post.id, { ...text, content: 'Newer.' }, saved.etag)).status).toBe(200);
      expect((await save(post.id, { ...text, content: 'Stale.' }, saved.etag)).status).toBe(412);
    });
    expect(events).toEqual([]);
    for (const [i, path] of paths.entries()) {
      const response = await fetch(inkwell.url + path);
      expect([response.headers.get('cache-status'), await response.text()]).toEqual([
        'inkwell; hit',
        before[i],
      ]);
    }
    expect(await query(inkwell, `SELECT FROM categories WHERE name = 'Hidden'`)).toHaveLength(0);
  });

  it('takes its working copy with all that belongs to a change', async () => {
    const post = await written(inkwell, token, {
      title: 'First',
      content: 'One.',
      category_name: 'Left behind',
    });
    const { etag } = await open(post.id);
    const text = {
      title: 'Second',
      content: 'Two 두번째.',
      slug: 'the-second',
      category_name: 'Arrived',
      tags: ['B'],
    };
    const saved = await save(post.id, text, etag);
    const events = await outboxOf(inkwell, async () => {
      const updated = await publish(post.id, saved.etag);
      expect(updated.document).toMatchObject({ has_working_copy: false, text, published: text });
      expect(updated.etag).toBe(updated.document.post_etag);
    });
    expect(events.map(({ event }) => event)).toEqual([
      'category.created',
      'category.removed',
      'post.revised',
    ]);
    expect(await publicText(post.id)).toMatchObject({ title: 'Second', slug: 'the-second' });
    const moved = await fetch(`${inkwell.url}/blog/posts/${post.slug}`, { redirect: 'manual' });
    expect(moved.headers.get('location')).toBe('/blog/posts/the-second');
    const found = await api(inkwell).get<{ id: number }[]>(`${POSTS}?q=두번째`);
    expect(found.body.map(({ id }) => id)).toContain(post.id);
  });

  it('is not overwritten if it has changed under its working copy, until that is based on it', async () => {
    const post = await written(inkwell, token, { title: 'Contested', content: 'One.' });
    const { etag } = await open(post.id);
    const saved = await save(post.id, { content: 'Mine.' }, etag);
    await api(inkwell).patch(pathOf(post.id), { content: 'Theirs.' }, token.token);
    const refused = await publish(post.id, saved.etag);
    expect([refused.status, refused.problem.code]).toEqual([412, 'post.version_mismatch']);
    const current = refused.problem.current!;
    expect([current.text.content, current.published?.content]).toEqual(['Mine.', 'Theirs.']);
    expect(current.base).not.toBe(current.post_etag);
    expect((await save(post.id, { content: 'Both.' }, saved.etag)).status).toBe(200);
    const again = await open(post.id);
    expect((await publish(post.id, again.etag)).status).toBe(412);
    expect(
      (
        await call(
          ada,
          'PUT',
          `/${post.id}/text`,
          { content: 'Both.', base: '"9-nonsense"' },
          { ifMatch: again.etag },
        )
      ).status,
    ).toBe(412);
    const rebased = await save(post.id, { content: 'Both.', base: again.document.post_etag }, again.etag);
    expect(rebased.document.base).toBe(rebased.document.post_etag);
    expect((await publish(post.id, rebased.etag)).status).toBe(200);
    expect((await publicText(post.id)).content).toBe('Both.');
  });

  it('lets one of two people publish who do so at once', async () => {
    const post = await written(inkwell, token, { title: 'Raced', content: 'One.' });
    const { etag } = await open(post.id);
    const saved = await save(post.id, { content: 'Two.' }, etag);
    const both = await Promise.all([publish(post.id, saved.etag), publish(post.id, saved.etag, root)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 412]);
    const loser = both.find(({ status }) => status === 412)!;
    expect(loser.problem.current?.text.content).toBe('Two.');
  });

  it('forgets its working copy, or becomes a draft with it', async () => {
    const post = await written(inkwell, token, { title: 'Undecided', content: 'One.' });
    const { etag } = await open(post.id);
    const saved = await save(post.id, { content: 'Two.' }, etag);
    const discarded = await call(ada, 'DELETE', `/${post.id}/text`, undefined, { ifMatch: saved.etag });
    expect(discarded).toMatchObject({
      status: 200,
      etag,
      document: { has_working_copy: false, text: { content: 'One.' } },
    });
    const changed = await save(post.id, { content: 'Three.' }, etag);
    const events = await outboxOf(inkwell, async () => {
      const draft = await call(ada, 'POST', `/${post.id}/unpublish`, undefined, { ifMatch: changed.etag });
      expect(draft.document).toMatchObject({ status: 'draft', published: null, text: { content: 'Three.' } });
    });
    expect(events.map(({ event }) => event)).toEqual(['post.unpublished']);
    expect((await api(inkwell).get(pathOf(post.id))).status).toBe(404);
  });

  it('keeps its working copy when it is unpublished elsewhere, in the trash and on its way back', async () => {
    const post = await written(inkwell, token, { title: 'Kept', content: 'One.' });
    const saved = await save(post.id, { content: 'Two.' }, (await open(post.id)).etag);
    await api(inkwell).patch(pathOf(post.id), { status: 'draft' }, token.token);
    expect(await open(post.id)).toMatchObject({ etag: saved.etag, document: { text: { content: 'Two.' } } });
    expect((await call(ada, 'DELETE', `/${post.id}`, undefined, { ifMatch: saved.etag })).status).toBe(204);
    for (const refused of [
      await save(post.id, { content: 'Three.' }, saved.etag),
      await publish(post.id, saved.etag),
    ])
      expect([refused.status, refused.problem.code]).toEqual([409, 'post.in_trash']);
    expect((await open(post.id)).document).toMatchObject({
      ...{ id: post.id, trashed_at: expect.stringMatching(/Z$/), text: { content: 'Two.', title: 'Kept' } },
    });
    const restored = await call(ada, 'POST', `/${post.id}/restore`, {});
    expect(restored.document).toMatchObject({ trashed_at: null, status: 'draft', text: { content: 'Two.' } });
    const published = await publish(post.id, restored.etag);
    expect(published).toMatchObject({
      status: 200,
      document: { text: { content: 'Two.' } satisfies Partial<EditableText> },
    });
  });
});
