import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { api } from '../support/documented-api.js';
import { outboxOf } from '../support/database.js';
import type { Inkwell } from '../support/start-inkwell.js';
import {
  cacheStatus,
  changeBehind,
  explain,
  getNote,
  type Operated,
  PURGE,
  putNote,
  startBeside,
  startOperated,
  until,
} from './operators.js';

let operated: Operated;
let first: Inkwell;
let second: Inkwell;

beforeAll(async () => {
  operated = await startOperated();
  first = operated.inkwell;
  second = await startBeside(first);
});
afterAll(async () => {
  await second.close();
  await first.close();
});

const explained = (on: Inkwell, path: string) => explain(on, path, operated.admin);
const purge = async (target: object): Promise<number> => {
  const { status, body } = await api(first).post<{ evicted: number }>(PURGE, target, operated.admin);
  expect(status).toBe(200);
  return body.evicted;
};

/** Creates notes that the memory of both processes and Redis hold. @returns their paths */
async function shared(...ids: number[]): Promise<string[]> {
  for (const id of ids) await putNote(first, id, 'before');
  const paths = ids.map((id) => `/notes/${id}`);
  for (const path of paths) {
    await getNote(first, path);
    await until(
      () => explained(first, path),
      ({ redis }) => redis?.state === 'fresh',
    );
    await until(
      async () => (await getNote(second, path), explained(second, path)),
      ({ memory }) => memory?.state === 'fresh',
    );
  }
  return paths;
}

const textsOn = async (on: Inkwell, paths: string[]): Promise<string[]> =>
  Promise.all(paths.map(async (path) => (await getNote(on, path)).body.text));
const untilGone = (on: Inkwell, path: string) =>
  until(
    () => explained(on, path),
    ({ memory }) => memory === null,
  );

describe('POST /api/cache/purge', () => {
  it('makes old what carries a tag, in every process and in Redis, and nothing else', async () => {
    const paths = await shared(1, 2);
    await changeBehind(first, 1, 2);
    expect(await textsOn(second, paths)).toEqual(['before', 'before']);
    expect(await purge({ tag: 'note:1' })).toBe(1);
    expect(await textsOn(first, paths)).toEqual(['after', 'before']);
    await untilGone(second, '/notes/1');
    expect(await textsOn(second, paths)).toEqual(['after', 'before']);
  });

  it('leaves nothing of before in Redis to be believed', async () => {
    const path = '/notes/3';
    await shared(3);
    await purge({ tag: 'note:3' });
    await untilGone(second, path);
    const { redis, next, reason } = await explained(second, path);
    expect([redis?.state, next]).toEqual(['outdated', 'miss']);
    expect(reason).toMatch(/before transaction \d+ \(cache\.purged\), which touched note:3/);
    expect(await cacheStatus(second, path)).toBe('inkwell; fwd=miss; stored');
  });

  it.each(['/notes/4', 'notes/4?anything=x', 'https://blog.example/notes/%34#top'])(
    'makes old what is at the path %s, and nothing else',
    async (given) => {
      const paths = await shared(4, 5);
      await changeBehind(first, 4, 5);
      expect(await purge({ path: given })).toBe(1);
      await untilGone(second, '/notes/4');
      for (const on of [first, second]) expect(await textsOn(on, paths)).toEqual(['after', 'before']);
    },
  );

  it('makes old every answer of a path, whatever its query and its spelling', async () => {
    for (const path of ['/notes', '/notes?limit=5', '/%6Eotes?limit=6']) await getNote(first, path);
    expect(await purge({ path: '/notes' })).toBe(3);
    for (const path of ['/notes', '/notes?limit=5', '/notes?limit=6'])
      expect((await explained(first, path)).memory).toBeNull();
  });

  it('makes everything old', async () => {
    const paths = await shared(6, 7);
    await changeBehind(first, 6, 7);
    expect(await purge({ all: true })).toBeGreaterThanOrEqual(2);
    for (const path of paths) await untilGone(second, path);
    for (const on of [first, second]) expect(await textsOn(on, paths)).toEqual(['after', 'after']);
  });

  it('evicts nothing for a tag that nothing carries', async () => {
    expect(await purge({ tag: 'note:nothing' })).toBe(0);
  });

  it('leaves one row in the outbox, as any change does', async () => {
    const rows = await outboxOf(first, () => purge({ path: '/notes?limit=5' }));
    expect(rows).toEqual([
      { event: 'cache.purged', tags: ['path:/notes'], payload: { path: '/notes?limit=5' } },
    ]);
  });

  it.each<[string, unknown]>([
    ['nothing', {}],
    ['a tag and a path', { tag: 'x', path: '/x' }],
    ['a tag and all', { tag: 'x', all: true }],
    ['all: false', { all: false }],
    ['a tag of spaces', { tag: ' ' }],
    ['a tag of 301 characters', { tag: 'x'.repeat(301) }],
    ['a path in broken percent-encoding', { path: '/%zz' }],
    ['a path with NUL', { path: '/%00' }],
    ['a path of 2049 characters', { path: `/${'x'.repeat(2_048)}` }],
    ['an unknown member', { tag: 'x', dry: true }],
    ['an array', []],
  ])('refuses %s with 400 and purges nothing', async (_, target) => {
    const rows = await outboxOf(first, async () => {
      const { status, body } = await api(first).post(PURGE, target, operated.admin);
      expect([status, body['code']]).toEqual([400, 'request.invalid']);
    });
    expect(rows).toEqual([]);
  });

  it('refuses who is not logged in, who shows a bad token, and who is no admin', async () => {
    const rows = await outboxOf(first, async () => {
      const ask = async (token?: string) => (await api(first).post(PURGE, { all: true }, token)).status;
      expect(await Promise.all([ask(), ask('nonsense'), ask(operated.author)])).toEqual([401, 401, 403]);
    });
    expect(rows).toEqual([]);
  });
});
