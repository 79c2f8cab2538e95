import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type ImportedPost, PostsService } from '../../src/blog/posts.service.js';
import { TransactionRunner } from '../../src/platform/outbox/transaction-runner.js';
import { type Account, registerAndLogin } from '../support/accounts.js';
import { query } from '../support/database.js';
import { api } from '../support/documented-api.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';
import { changesOf, nextOf, type PostDetail, written } from './posts.js';

interface Tag {
  readonly name: string;
  readonly slug: string;
  readonly post_count: number;
}

const TAGS = '/blog/api/tags';

let inkwell: Inkwell;
let ada: Account;
beforeAll(async () => {
  inkwell = await startInkwell();
  ada = await registerAndLogin(inkwell, 'ada');
});
afterAll(() => inkwell.close());

const { patch, remove } = changesOf(() => ({ inkwell, ada }));
const list = (search = '') => api(inkwell).get<Tag[]>(`${TAGS}${search}`);
const listed = async (search = '') =>
  (await list(search)).body.map(({ name, post_count }) => `${name} ${post_count}`);
const tagged = (...tags: string[]): Promise<PostDetail> => written(inkwell, ada, { tags });

const posts: PostDetail[] = [];
beforeEach(async () => {
  for (const { id } of posts.splice(0)) await remove(id);
});
const keep = async (post: Promise<PostDetail>): Promise<PostDetail> => {
  posts.push(await post);
  return post;
};

describe('GET /blog/api/tags', () => {
  it('is empty before there is any post', async () => {
    const { status, body, headers } = await list();
    expect([status, body]).toEqual([200, []]);
    expect(headers.get('cache-control')).toBe('public, no-cache');
    expect(headers.get('etag')).toMatch(/^"[\w-]+"$/);
  });

  it('counts published posts by tag, in the order of slugs', async () => {
    await keep(tagged('zebra', '한국', 'C++'));
    await keep(tagged('zebra', 'Apple'));
    await keep(written(inkwell, ada, { tags: ['zebra', 'hidden'], status: 'draft' }));
    expect((await list()).body).toEqual([
      { name: 'Apple', slug: 'apple', post_count: 1 },
      { name: 'C++', slug: 'c-plus-plus', post_count: 1 },
      { name: '한국', slug: 'hangug', post_count: 1 },
      { name: 'zebra', slug: 'zebra', post_count: 2 },
    ]);
  });

  it('is served from the cache, until a tag comes or goes', async () => {
    const post = await keep(tagged('one'));
    const status = async () => (await list()).headers.get('cache-status');
    await list();
    expect(await status()).toBe('inkwell; hit');
    await patch(post.id, { title: 'Another title', content: 'Another text.' });
    expect(await status()).toBe('inkwell; hit');
    await patch(post.id, { tags: ['one', 'two'] });
    expect(await listed()).toEqual(['one 1', 'two 1']);
    await patch(post.id, { status: 'draft' });
    expect(await listed()).toEqual([]);
    await patch(post.id, { status: 'published' });
    expect(await listed()).toEqual(['one 1', 'two 1']);
    await remove(post.id);
    posts.pop();
    expect(await listed()).toEqual([]);
  });

  it('spells a tag as the newest of its posts does', async () => {
    const first = await keep(tagged('Node.js'));
    const second = await keep(tagged('node-js'));
    expect(await listed()).toEqual(['node-js 2']);
    await patch(second.id, { tags: ['NODE JS'] });
    expect(await listed()).toEqual(['NODE JS 2']);
    await patch(second.id, { tags: [] });
    expect(await listed()).toEqual(['Node.js 1']);
    await patch(first.id, { tags: ['node.js'] });
    expect(await listed()).toEqual(['node.js 1']);
  });

  it('leads from page to page, and ends', async () => {
    await keep(tagged('a', 'b', 'c'));
    await keep(tagged('d', 'e', 'b'));
    const pages: string[][] = [];
    for (let next: string | undefined = '?limit=2'; next !== undefined;) {
      const { body, headers } = await list(next);
      pages.push(body.map(({ slug }) => slug));
      next = nextOf(headers)?.replace(TAGS, '');
    }
    expect(pages).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
    expect((await list('?limit=5')).headers.has('link')).toBe(false);
    expect(nextOf((await list('?q=a&limit=1')).headers)).toBeUndefined();
  });

  it('finds tags by their beginning, in any script and case, and stores no search', async () => {
    await keep(tagged('Green tea', 'Greenland', 'tea', '한국', '한국어', 'C++', 'C#', '2024'));
    expect(await listed('?q=green')).toEqual(['Green tea 1', 'Greenland 1']);
    expect(await listed('?q=GREEN%20T')).toEqual(['Green tea 1']);
    expect(await listed(`?q=${encodeURIComponent('한국')}`)).toEqual(['한국 1', '한국어 1']);
    expect(await listed(`?q=${encodeURIComponent('c++')}`)).toEqual(['C++ 1']);
    expect(await listed('?q=20')).toEqual(['2024 1']);
    expect(await listed('?q=zzz')).toEqual([]);
    const { body, headers } = await list('?q=green&limit=1');
    expect(body).toHaveLength(1);
    expect(await listed(nextOf(headers)!.replace(TAGS, ''))).toEqual(['Greenland 1']);
    for (let times = 0; times < 2; times += 1)
      expect((await list('?q=green')).headers.get('cache-status')).toBe('inkwell; fwd=bypass');
  });

  it.each([
    ...['limit=0', 'limit=101', 'limit=x', 'cursor=', 'cursor=A', 'cursor=%00', `cursor=${'a'.repeat(101)}`],
    ...['q=', `q=${'a'.repeat(51)}`, 'offset=1', 'sort=count', 'q=a&q=b'],
  ])('refuses ?%s with 400', async (search) => {
    expect((await list(`?${search}`)).status).toBe(400);
  });
});

/** The same list, from the posts themselves. */
const counted = (): Promise<{ slug: string; post_count: number }[]> =>
  query(
    inkwell,
    `SELECT tag AS slug, count(*)::integer AS post_count FROM posts, unnest(tag_slugs) AS tag
     WHERE status = 'published' GROUP BY tag ORDER BY tag COLLATE "C"`,
  );

describe('the counts of tags', () => {
  it('are those of the posts, whatever is written, imported and deleted', async () => {
    const tags = fc.subarray(['a', 'A', 'b', 'c c', 'C-C', 'ㄱ', '한국', '2024', '!']);
    const status = fc.constantFrom('draft' as const, 'published' as const);
    const step = fc.oneof(
      fc.record({ kind: fc.constant('write' as const), tags, status }),
      fc.record({ kind: fc.constant('import' as const), tags, status }),
      fc.record({ kind: fc.constant('change' as const), place: fc.nat(), tags, status }),
      fc.record({ kind: fc.constant('delete' as const), place: fc.nat() }),
    );
    const ids: number[] = [];
    let count = 0;
    const bringIn = async (labels: string[], as: 'draft' | 'published'): Promise<void> => {
      const post: ImportedPost = {
        ...{
          sourceKey: `tags ${(count += 1)}`,
          title: 'Imported',
          content: 'Text',
          contentFormat: 'markdown',
        },
        ...{ authorId: ada.id, tags: labels, status: as, createdAt: new Date(), updatedAt: new Date() },
        formerPaths: [],
      };
      const service = inkwell.app.get(PostsService);
      const made = await inkwell.app.get(TransactionRunner).run((tx) => service.importBatch(tx, [post]));
      ids.push(...made.map(({ id }) => id));
    };
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
        for (const each of steps) {
          const id = 'place' in each ? ids[each.place % Math.max(1, ids.length)] : undefined;
          if (each.kind === 'write')
            ids.push((await written(inkwell, ada, { tags: each.tags, status: each.status })).id);
          else if (each.kind === 'import') await bringIn(each.tags, each.status);
          else if (id !== undefined && each.kind === 'change')
            await patch(id, { tags: each.tags, status: each.status });
          else if (id !== undefined) {
            await remove(id);
            ids.splice(ids.indexOf(id), 1);
          }
          const { body } = await list();
          expect(body.map(({ slug, post_count }) => ({ slug, post_count }))).toEqual(await counted());
        }
      }),
      { numRuns: 40, interruptAfterTimeLimit: 30_000, markInterruptAsFailure: false },
    );
  }, 60_000);
});
