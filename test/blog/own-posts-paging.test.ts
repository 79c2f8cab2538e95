import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type ImportedPost, POST_SORTS, type PostSort, PostsService } from '../../src/blog/posts.service.js';
import { TransactionRunner } from '../../src/platform/outbox/transaction-runner.js';
import { type Account, registerAndLogin } from '../support/accounts.js';
import { api } from '../support/api.js';
import { query } from '../support/database.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';
import { nextOf, pathOf, POSTS, type PostSummary, written } from './posts.js';

let inkwell: Inkwell;
let ada: Account;
let eve: Account;
beforeAll(async () => {
  inkwell = await startInkwell();
  ada = await registerAndLogin(inkwell, 'ada');
  eve = await registerAndLogin(inkwell, 'eve');
});
afterAll(() => inkwell.close());

interface Shape {
  readonly title: string;
  readonly status: 'draft' | 'published';
  readonly isMine: boolean;
  /** Few moments and titles for many posts, so that most share theirs. */
  readonly created: number;
  readonly updated: number;
}
const title = fc.oneof(
  fc.constantFrom(
    'a',
    'A',
    'b',
    'É',
    'é',
    '가',
    '가나',
    '🍵',
    'İ',
    "'; --",
    'x'.repeat(200),
    '가'.repeat(200),
  ),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 5 }).map((text) => `x${text.replaceAll('\0', '')}`),
);
const shape: fc.Arbitrary<Shape> = fc.record({
  title,
  status: fc.constantFrom('draft' as const, 'published' as const),
  isMine: fc.boolean(),
  created: fc.integer({ min: 0, max: 4 }),
  updated: fc.integer({ min: 0, max: 4 }),
});

const change = fc.oneof(
  fc.record({ kind: fc.constant('write' as const), shape }),
  fc.record({ kind: fc.constant('delete' as const), place: fc.nat() }),
  fc.record({ kind: fc.constant('change' as const), place: fc.nat(), shape }),
);

type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

const at = (moment: number): Date => new Date(Date.UTC(2020, 0, 1) + moment);
let count = 0;

/** @returns ids of the new posts */
async function insert(shapes: readonly Shape[]): Promise<number[]> {
  const posts = shapes.map((each): ImportedPost => ({
    sourceKey: `own ${(count += 1)}`,
    title: each.title,
    content: 'Text',
    contentFormat: 'markdown',
    authorId: (each.isMine ? ada : eve).id,
    tags: [],
    status: each.status,
    createdAt: at(each.created),
    updatedAt: at(each.updated),
    formerPaths: [],
  }));
  const service = inkwell.app.get(PostsService);
  const made = await inkwell.app.get(TransactionRunner).run((tx) => service.importBatch(tx, posts));
  return made.map(({ id }) => id);
}

/** @returns the id of the post that was touched */
async function apply(what: Change, ids: readonly number[]): Promise<number | undefined> {
  if (what.kind === 'write') {
    const { isMine, title: name, status } = what.shape;
    return (await written(inkwell, isMine ? ada : eve, { title: name, status })).id;
  }
  const id = ids[what.place % Math.max(1, ids.length)];
  if (id === undefined) return undefined;
  for (const { token } of [ada, eve]) {
    if (what.kind === 'delete') await api(inkwell).delete(pathOf(id), token);
    else await api(inkwell).patch(pathOf(id), { title: what.shape.title, status: what.shape.status }, token);
  }
  return id;
}

const KEYS: Readonly<Record<PostSort, string>> = {
  newest: 'created_at DESC, id DESC',
  oldest: 'created_at, id',
  updated: 'updated_at DESC, id DESC',
  title: 'lower(title), id',
};

/** The posts of the list in their order, as one statement sees them. */
const listed = async (sort: PostSort, status: string | undefined): Promise<number[]> => {
  const rows = await query<{ id: number }>(
    inkwell,
    `SELECT id FROM posts WHERE author_id = $1 AND ($2::text IS NULL OR status = $2) ORDER BY ${KEYS[sort]}`,
    [ada.id, status ?? null],
  );
  return rows.map(({ id }) => id);
};

describe('the pages of GET /blog/api/posts?author=me', () => {
  it.each(POST_SORTS)(
    'in the order %s show every post that stood throughout once, whatever is written meanwhile',
    async (sort) => {
      const scenario = fc.record({
        shapes: fc.array(shape, { minLength: 1, maxLength: 40, size: 'max' }),
        status: fc.constantFrom(undefined, 'draft', 'published'),
        limits: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 6 }),
        changes: fc.array(fc.array(change, { maxLength: 2 }), { maxLength: 4 }),
      });
      await fc.assert(
        fc.asyncProperty(scenario, async ({ shapes, status, limits, changes }) => {
          await query(inkwell, 'DELETE FROM posts');
          const ids = await insert(shapes);
          const touched = new Set<number>();
          const before = await listed(sort, status);
          const seen: number[] = [];
          const filter = status === undefined ? '' : `&status=${status}`;
          let next: string | undefined = `${POSTS}?author=me&sort=${sort}${filter}&limit=0`;
          for (let page = 0; next !== undefined; page += 1) {
            const path: string = next.replace(/limit=\d+/, `limit=${limits[page % limits.length]}`);
            const { status: code, body, headers } = await api(inkwell).get<PostSummary[]>(path, ada.token);
            expect(code).toBe(200);
            seen.push(...body.map(({ id }) => id));
            expect(Number(headers.get('total-count'))).toBe((await listed(sort, status)).length);
            for (const each of changes[page] ?? []) {
              const id = await apply(each, ids);
              if (id !== undefined) touched.add(id);
            }
            next = nextOf(headers);
            expect(page).toBeLessThan(100);
          }
          const standing = (list: readonly number[]) => list.filter((id) => !touched.has(id));
          expect(standing(seen)).toEqual(standing(before));
        }),
        { numRuns: 25, interruptAfterTimeLimit: 30_000, markInterruptAsFailure: false },
      );
    },
    90_000,
  );
});
