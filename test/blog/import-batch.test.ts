import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Client, Pool } from 'pg';
import { PostExporter } from '../../src/blog/post-exporter.service.js';
import { type ExportedPost, type ImportedPost, PostsService } from '../../src/blog/posts.service.js';
import { TransactionRunner } from '../../src/platform/outbox/transaction-runner.js';
import { type Account, registerAndLogin } from '../support/accounts.js';
import { api } from '../support/api.js';
import { outboxOf, query } from '../support/database.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';
import { type PostDetail, POSTS, written } from './posts.js';

let inkwell: Inkwell;
let ada: Account;
let posts: PostsService;
beforeAll(async () => {
  inkwell = await startInkwell();
  ada = await registerAndLogin(inkwell, 'ada');
  posts = inkwell.app.get(PostsService);
});
afterAll(() => inkwell.close());

let count = 0;
function imported(changes: Partial<ImportedPost> = {}): ImportedPost {
  count += 1;
  return {
    sourceKey: `source-${count}`,
    title: `Imported ${count}`,
    content: `Text *${count}*`,
    contentFormat: 'markdown',
    authorId: ada.id,
    tags: [],
    status: 'published',
    createdAt: new Date('2015-03-04T05:06:07.089Z'),
    updatedAt: new Date('2016-01-01T00:00:00Z'),
    formerPaths: [],
    ...changes,
  };
}
const importAll = (batch: readonly ImportedPost[]) =>
  inkwell.app.get(TransactionRunner).run((tx) => posts.importBatch(tx, batch));
const get = async (id: number) => (await api(inkwell).get<PostDetail>(`${POSTS}/${id}`)).body;

describe('PostsService.importBatch', () => {
  it('keeps dates, slug, category, tags, author and status', async () => {
    const given = { slug: 'as-it-was', categoryName: 'Imports', tags: ['Old'] };
    const [made] = await importAll([imported({ ...given, title: 'Kept' })]);
    expect(await get(made!.id)).toMatchObject({
      ...{ slug: 'as-it-was', title: 'Kept', author: 'ada', category: { name: 'Imports' }, tags: ['Old'] },
      ...{
        status: 'published',
        created_at: '2015-03-04T05:06:07.089Z',
        updated_at: '2016-01-01T00:00:00.000Z',
      },
    });
    const [draft] = await importAll([imported({ status: 'draft', authorId: null })]);
    expect((await get(draft!.id)).id).toBeUndefined();
  });

  it('keeps HTML, sanitised, as long as nobody writes something else', async () => {
    const content = '<p onclick="x()">One</p><iframe src="https://video.example"></iframe>';
    const [made] = await importAll([imported({ content, contentFormat: 'html' })]);
    const post = await get(made!.id);
    expect(post.content).toBe(content);
    expect(post.content_html).toContain('<p>One</p><a href="https://video.example"');
    const path = `${POSTS}/${made!.id}`;
    const renamed = await api(inkwell).put<PostDetail>(path, { title: 'Renamed', content }, ada.token);
    expect(renamed.body.content_html).toBe(post.content_html);
    const rewritten = await api(inkwell).patch<PostDetail>(path, { content: '*Two*' }, ada.token);
    expect(rewritten.body.content_html).toBe('<p><em>Two</em></p>\n');
  });

  it('gives each post a slug of its own, whatever they wanted', async () => {
    await written(inkwell, ada, { title: 'Taken' });
    const wanted = ['taken', 'taken', 'taken-2', 'Has Spaces', '2024', undefined, ''];
    const made = await importAll(wanted.map((slug, i) => imported({ slug, title: `Wanted ${i}` })));
    expect(made.map(({ slug }) => slug).sort()).toEqual(
      ['taken-3', 'taken-4', 'taken-2', 'has-spaces', 'post-2024', 'wanted-5', 'wanted-6'].sort(),
    );
    expect(made).toHaveLength(wanted.length);
  });

  it('does nothing for what was imported before, though it was deleted since', async () => {
    const batch = [imported(), imported()];
    const [first] = await importAll(batch);
    await api(inkwell).delete(`${POSTS}/${first!.id}`, ada.token);
    const events = await outboxOf(inkwell, async () => expect(await importAll(batch)).toEqual([]));
    expect(events).toEqual([]);
    expect(await importAll([batch[0]!, imported({ title: 'The new one' })])).toHaveLength(1);
  });

  it('imports each post once when two imports run at the same moment', async () => {
    const batch = Array.from({ length: 40 }, (_, i) => imported({ categoryName: `Both ${i % 7}` }));
    const [one, other] = await Promise.all([importAll(batch), importAll(batch.toReversed())]);
    expect(one.length + other.length).toBe(40);
  });

  it('gives slugs to imports and authors who want the same ones at the same moment', async () => {
    const want = (n: number) => Array.from({ length: n }, () => imported({ slug: 'wanted-by-all' }));
    const made = await Promise.all([
      importAll(want(15)),
      importAll(want(15)),
      ...Array.from({ length: 5 }, () => written(inkwell, ada, { title: 'Wanted by all' })),
    ]);
    const slugs = made.flat().map(({ slug }) => slug);
    expect(new Set(slugs).size).toBe(35);
  });

  it('imports the posts of an author who has been deleted, without one', async () => {
    const [made] = await importAll([imported({ authorId: 2_000_000_000 })]);
    expect((await get(made!.id)).author).toBe('[deleted]');
  });

  it('leads old addresses to the post, the first post of an address', async () => {
    const path = '/2015/03/04/old.html';
    const made = await importAll([
      imported({ formerPaths: [path, '/?p=12'] }),
      imported({ formerPaths: [path, '/other'] }),
    ]);
    expect(made.map(({ takenPaths }) => takenPaths)).toEqual([[], [path]]);
    expect(await posts.findFormerAddress(path)).toMatchObject({
      slug: made[0]!.slug,
      tags: [`post:${made[0]!.id}`],
    });
    expect((await posts.findFormerAddress('/other')).slug).toBe(made[1]!.slug);
    expect(await posts.findFormerAddress('/nowhere')).toMatchObject({ slug: null, tags: ['posts'] });
    await api(inkwell).patch(`${POSTS}/${made[0]!.id}`, { status: 'draft' }, ada.token);
    expect((await posts.findFormerAddress(path)).slug).toBeNull();
  });

  it('makes one event of a batch, with the tags of all that changed', async () => {
    const batch = [
      imported({ slug: 'batch-a', categoryName: 'Batch A', tags: ['x'] }),
      imported({ slug: 'batch-b', categoryName: 'Batch B', authorId: null }),
      imported({ slug: 'batch-hidden', categoryName: 'Batch C', status: 'draft', tags: ['hidden'] }),
    ];
    let ids: number[] = [];
    const events = await outboxOf(inkwell, async () => {
      ids = (await importAll(batch)).map(({ id }) => id);
    });
    expect(events.map(({ event }) => event)).toEqual(['posts.imported']);
    expect([...events[0]!.tags].sort()).toEqual(
      [
        ...[
          'categories',
          'posts',
          'posts:author:ada',
          'posts:tag:x',
          'tags',
          'post-slug:batch-a',
          'post-slug:batch-b',
        ],
        ...['posts:category:batch-a', 'posts:category:batch-b', 'posts:category:batch-c'],
        ...[`post:${ids[0]}`, `post:${ids[1]}`],
      ].sort(),
    );
  });

  it('shows imported posts at once in lists that were read before', async () => {
    const first = async () => (await api(inkwell).get<{ title: string }[]>(POSTS)).body[0]?.title;
    await first();
    await importAll([imported({ title: 'From the future', createdAt: new Date('2090-01-01T00:00:00Z') })]);
    expect(await first()).toBe('From the future');
  });

  it('takes a fixed number of statements for 500 posts of 4 KB, and at most 8 ms of processor time for each', async () => {
    const paragraph = (n: number) =>
      `Some *words* of [a link](https://example.org/${n}), ${'and more '.repeat(25)}.`;
    const content = Array.from({ length: 15 }, (_, n) => paragraph(n)).join('\n\n');
    expect(content.length).toBeGreaterThan(4_000);
    const batchOf = (size: number) =>
      Array.from({ length: size }, (_, i) =>
        imported({ content, title: `Much of ${size}, ${i}`, categoryName: 'Bulk' }),
      );
    await importAll(batchOf(10));
    const send = jest.spyOn(Client.prototype, 'query');
    const before = process.cpuUsage();
    const made = await importAll(batchOf(500));
    const { user, system } = process.cpuUsage(before);
    // Without what looks for uploads to import, every second.
    const sent = send.mock.calls
      .map(([text]: unknown[]) => String(text))
      .filter((text) => !text.includes('import_jobs'));
    const statements = sent.filter((text) => /posts|categories|slugs|addresses|users/.test(text)).length;
    send.mockRestore();
    expect(new Set(made.map(({ slug }) => slug)).size).toBe(500);
    expect(statements).toBeGreaterThan(5);
    expect(statements).toBeLessThan(15);
    expect((user + system) / 1000 / 500).toBeLessThan(8);
  });
});

describe('PostExporter.exportAll', () => {
  it('gives back every post with all that was kept of it, in batches', async () => {
    const all: ExportedPost[] = [];
    // Like a command, whose database user may read accounts.
    const exporter = new PostExporter(inkwell.app.get(Pool));
    for await (const post of exporter.exportAll()) all.push(post);
    const [stored] = await query<{ n: number }>(inkwell, 'SELECT count(*)::int AS n FROM posts');
    expect(all).toHaveLength(stored!.n);
    expect(new Set(all.map(({ id }) => id)).size).toBe(stored!.n);
    expect(all.find(({ slug }) => slug === 'as-it-was')).toEqual({
      id: expect.any(Number),
      ...{ slug: 'as-it-was', title: 'Kept', content_format: 'markdown', author: 'ada', category: 'Imports' },
      ...{ content: expect.stringMatching(/^Text/), custom_excerpt: null },
      ...{ tags: ['Old'], status: 'published', former_slugs: [], former_paths: [] },
      created_at: new Date('2015-03-04T05:06:07.089Z'),
      updated_at: new Date('2016-01-01T00:00:00Z'),
    });
    expect(all.find(({ slug }) => slug === 'batch-hidden')).toMatchObject({ status: 'draft' });
    expect(all.find(({ former_paths }) => former_paths.length === 2)?.former_paths).toEqual([
      '/2015/03/04/old.html',
      '/?p=12',
    ]);
  });
});

describe('PostsService reads for pages', () => {
  it('pages through published posts as objects', async () => {
    const { items, next, tags, snapshot } = await posts.findPublishedPage({ limit: 2, category: 'batch-a' });
    expect(items.map(({ slug }) => slug)).toEqual(['batch-a']);
    expect(next).toBeNull();
    expect(tags).toEqual([
      'posts:category:batch-a',
      'category-slug:batch-a',
      `author:${ada.id}`,
      `category:${items[0]!.category.id}`,
    ]);
    expect(snapshot).toMatch(/^\d+:\d+:/);
  });

  it('finds a post by its slug, and where it went by a former one', async () => {
    const post = await written(inkwell, ada, { slug: 'page-one' });
    expect(await posts.findPublishedBySlug('page-one')).toMatchObject({
      ...{ post: { id: post.id, content_html: post.content_html }, movedTo: null },
      tags: [`post:${post.id}`, `author:${ada.id}`, 'category:1'],
    });
    await api(inkwell).patch(`${POSTS}/${post.id}`, { slug: 'page-two' }, ada.token);
    expect(await posts.findPublishedBySlug('page-one')).toMatchObject({
      ...{ post: null, movedTo: 'page-two' },
      tags: [`post:${post.id}`, `author:${ada.id}`, 'category:1', 'post-slug:page-one'],
    });
    expect(await posts.findPublishedBySlug('page-three')).toMatchObject({
      ...{ post: null, movedTo: null },
      tags: ['post-slug:page-three'],
    });
  });
});
