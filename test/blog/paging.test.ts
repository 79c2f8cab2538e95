import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type ImportedPost, PostsService } from '../../src/blog/posts.service.js';
import { TransactionRunner } from '../../src/platform/outbox/transaction-runner.js';
import { defineEvent } from '../../src/platform/outbox/define-event.js';
import { type Account, registerAndLogin } from '../support/accounts.js';
import { api } from '../support/api.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';
import { nextOf, POSTS, type PostSummary, written } from './posts.js';

let inkwell: Inkwell;
let authors: readonly [Account, Account];
beforeAll(async () => {
  inkwell = await startInkwell();
  authors = [await registerAndLogin(inkwell, 'ada'), await registerAndLogin(inkwell, 'eve')];
});
afterAll(() => inkwell.close());

const CATEGORIES = ['Red', 'Green', 'Blue'] as const;
const TAGS = ['one', 'two', 'three'] as const;

interface Shape {
  readonly author: 0 | 1;
  readonly category: (typeof CATEGORIES)[number];
  readonly tags: readonly string[];
  /** Few moments for many posts, so that most share theirs to the millisecond. */
  readonly moment: number;
}
const shape: fc.Arbitrary<Shape> = fc.record({
  author: fc.constantFrom(0 as const, 1 as const),
  category: fc.constantFrom(...CATEGORIES),
  tags: fc.subarray([...TAGS]),
  moment: fc.integer({ min: 0, max: 6 }),
});

interface Filter {
  readonly category?: string;
  readonly tag?: string;
  readonly author?: string;
}
const filter: fc.Arbitrary<Filter> = fc.record(
  {
    category: fc.constantFrom(...CATEGORIES.map((name) => name.toLowerCase())),
    tag: fc.constantFrom(...TAGS),
    author: fc.constantFrom('ada', 'eve'),
  },
  { requiredKeys: [] },
);

/** An event between two pages. It identifies posts by their position among those that exist. */
const change = fc.oneof(
  fc.record({ kind: fc.constant('write' as const), shape }),
  fc.record({ kind: fc.constant('insert in the past' as const), shape }),
  fc.record({ kind: fc.constant('delete' as const), place: fc.nat() }),
  fc.record({ kind: fc.constant('change' as const), place: fc.nat(), shape }),
);
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

const isIn = (post: Shape, { category, tag, author }: Filter): boolean =>
  (category === undefined || post.category.toLowerCase() === category) &&
  (tag === undefined || post.tags.includes(tag)) &&
  (author === undefined || ['ada', 'eve'][post.author] === author);

/** A model of the blog: ids and shapes. */
class Model {
  readonly posts = new Map<number, Shape>();
  private count = 0;

  async insert(shapes: readonly Shape[]): Promise<void> {
    const batch: ImportedPost[] = shapes.map((each) => ({
      sourceKey: `run-${Math.random()}-${(this.count += 1)}`,
      title: `Post ${this.count}`,
      content: 'Text',
      contentFormat: 'markdown',
      authorId: authors[each.author].id,
      categoryName: each.category,
      tags: each.tags,
      status: 'published',
      createdAt: new Date(Date.UTC(2020, 0, 1) + each.moment),
      updatedAt: new Date(Date.UTC(2020, 0, 1)),
      formerPaths: [],
    }));
    const service = inkwell.app.get(PostsService);
    const made = await inkwell.app.get(TransactionRunner).run((tx) => service.importBatch(tx, batch));
    const shapeOf = new Map(batch.map(({ sourceKey }, i) => [sourceKey, shapes[i]!]));
    for (const { id, sourceKey } of made) this.posts.set(id, shapeOf.get(sourceKey)!);
  }

  /** @returns the id of the affected post */
  async apply(what: Change): Promise<number | undefined> {
    if (what.kind === 'insert in the past') {
      await this.insert([what.shape]);
      return undefined;
    }
    if (what.kind === 'write') {
      const { category, tags, author } = what.shape;
      const post = await written(inkwell, authors[author], { category_name: category, tags });
      this.posts.set(post.id, what.shape);
      return post.id;
    }
    const id = [...this.posts.keys()][what.place % Math.max(1, this.posts.size)];
    if (id === undefined) return undefined;
    const path = `${POSTS}/${id}`;
    const { token } = authors[this.posts.get(id)!.author];
    if (what.kind === 'delete') {
      await api(inkwell).delete(path, token);
      this.posts.delete(id);
    } else {
      const { category, tags } = what.shape;
      await api(inkwell).patch(path, { category_name: category, tags }, token);
      this.posts.set(id, { ...this.posts.get(id)!, category, tags });
    }
    return id;
  }
}

const Emptied = defineEvent('test.emptied', () => [
  ...['posts', 'categories', 'posts:author:ada', 'posts:author:eve'],
  ...CATEGORIES.map((name) => `posts:category:${name.toLowerCase()}`),
  ...TAGS.map((tag) => `posts:tag:${tag}`),
]);

const empty = () =>
  inkwell.app.get(TransactionRunner).run(async (tx) => {
    await tx.query('DELETE FROM posts');
    tx.record(Emptied({}));
  });

describe('the pages of GET /blog/api/posts', () => {
  it('show every post that stood throughout once, whatever is written and deleted meanwhile', async () => {
    const scenario = fc.record({
      posts: fc.array(shape, { minLength: 1, maxLength: 60, size: 'max' }),
      filter,
      limits: fc.array(fc.integer({ min: 1, max: 15 }), { minLength: 1, maxLength: 8 }),
      changes: fc.array(fc.array(change, { maxLength: 3 }), { maxLength: 6 }),
      together: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(scenario, async ({ posts, filter: wanted, limits, changes, together }) => {
        await empty();
        const model = new Model();
        await model.insert(posts);
        const stood = new Map([...model.posts].filter(([, each]) => isIn(each, wanted)));
        const seen: PostSummary[] = [];
        const filters = new URLSearchParams({ ...wanted }).toString();
        let next: string | undefined = `${POSTS}?${filters}`;
        for (let page = 0; next !== undefined; page += 1) {
          const path: string = withLimit(next, limits[page % limits.length]!);
          const touch = async () => {
            for (const each of changes[page] ?? []) {
              const id = await model.apply(each);
              // The post changed in between.
              if (id !== undefined) stood.delete(id);
            }
          };
          const reading = api(inkwell).get<PostSummary[]>(path);
          if (!together) await reading;
          await touch();
          const { status, body, headers } = await reading;
          expect(status).toBe(200);
          seen.push(...body);
          next = nextOf(headers);
          expect(page).toBeLessThan(200);
        }
        const ids = seen.map(({ id }) => id);
        expect(ids).toHaveLength(new Set(ids).size);
        expect([...stood.keys()].filter((id) => !ids.includes(id))).toEqual([]);
        expectOrdered(seen);
        await expectAllPages(wanted, model);
      }),
      { numRuns: 60, interruptAfterTimeLimit: 60_000, markInterruptAsFailure: false },
    );
  }, 120_000);
});

const withLimit = (path: string, limit: number): string => {
  const [base, search] = path.split('?');
  const parameters = new URLSearchParams(search);
  parameters.set('limit', String(limit));
  return `${base}?${parameters.toString()}`;
};

/** Newest first. Of equal times, the higher id comes first. */
function expectOrdered(posts: readonly PostSummary[]): void {
  const order = posts.map(({ created_at, id }) => `${created_at} ${String(id).padStart(10, '0')}`);
  expect(order).toEqual([...order].sort().reverse());
}

/** If nothing happens, the pages contain exactly the posts of the filter. */
async function expectAllPages(wanted: Filter, model: Model): Promise<void> {
  const ids: number[] = [];
  let next: string | undefined = `${POSTS}?${new URLSearchParams({ ...wanted, limit: '7' }).toString()}`;
  while (next !== undefined) {
    const page: { body: PostSummary[]; headers: Headers } = await api(inkwell).get<PostSummary[]>(next);
    ids.push(...page.body.map(({ id }) => id));
    next = nextOf(page.headers);
  }
  const expected = [...model.posts].filter(([, each]) => isIn(each, wanted)).map(([id]) => id);
  expect([...ids].sort((a, b) => a - b)).toEqual(expected.sort((a, b) => a - b));
}
