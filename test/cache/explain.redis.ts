import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { CacheInvalidator } from '../../src/platform/cache/cache-invalidator.js';
import { CacheTally } from '../../src/platform/cache/cache-tally.js';
import type { CacheExplanation } from '../../src/platform/responses/inspect/cache.schemas.js';
import { api } from '../support/documented-api.js';
import { Loads } from './notes.js';
import {
  cacheStatus,
  EXPLAIN,
  explain,
  getNote,
  type Operated,
  putNote,
  startOperated,
  until,
} from './operators.js';

let operated: Operated;
let id = 100;
let path: string;

const begin = async (environment: Record<string, string>): Promise<void> => {
  operated = await startOperated(environment);
};
const end = (): Promise<void> => operated.inkwell.close();
const explained = (of = path): Promise<CacheExplanation> => explain(operated.inkwell, of, operated.admin);
const get = () => getNote(operated.inkwell, path);
const put = (text: string) => putNote(operated.inkwell, id, text);
const nextStatus = (of = path): Promise<string> => cacheStatus(operated.inkwell, of);
/** Clears the memory only. */
const forget = (): number => operated.inkwell.app.get(CacheInvalidator).clear();
const untilInRedis = () =>
  until(
    () => explained(),
    ({ redis }) => redis !== null,
  );

// Every test has a note of its own.
beforeEach(() => {
  id += 1;
  path = `/notes/${id}`;
});

describe('GET /api/cache/explain', () => {
  beforeAll(() => begin({}));
  afterAll(end);

  it('says of what nobody asked for that neither tier holds it', async () => {
    expect(await explained()).toEqual({
      path,
      route: '/notes/:id',
      handler: 'NotesController.get',
      cache: 'post',
      key: `NotesController.get?[["id",${id}]]&`,
      ttl: { seconds: 60, declared_seconds: 60, is_overridden: false },
      next: 'miss',
      reason: 'It would miss and read the database: neither tier holds it.',
      memory: null,
      redis: null,
      redis_state: 'answers',
      changes: [],
    });
    const loads = operated.inkwell.app.get(Loads);
    const before = loads.count;
    await get();
    expect(loads.count).toBe(before + 1);
  });

  it('shows a fresh entry in memory with all that decides about it, in any spelling of its key', async () => {
    await put('shown');
    const { body } = await get();
    await untilInRedis();
    const spelling = `http://elsewhere.example${path.replace('1', '%31')}#top`;
    const { memory, redis, next, changes } = await explained(spelling);
    expect(next).toBe('hit');
    expect(memory).toMatchObject({
      state: 'fresh',
      status: 200,
      tags: [`note:${id}`, `path:${path}`],
      snapshot: { xmax: expect.any(Number), xip: expect.any(Array) },
      epoch: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    const [identity] = memory!.representations;
    expect(identity).toMatchObject({ encoding: 'identity', bytes: JSON.stringify(body).length });
    expect(identity!.etag).toBe((await get()).headers.get('etag'));
    expect(memory!.ttl_seconds).toBeGreaterThanOrEqual(54);
    expect(redis).toMatchObject({ state: 'fresh', snapshot: memory!.snapshot, tags: memory!.tags });
    expect(changes).toMatchObject([
      { event: 'note.revised', tags: [`note:${id}`], seen_by_memory: true, seen_by_redis: true },
    ]);
    expect(await nextStatus()).toBe('inkwell; hit');
  });

  it('says that Redis alone holds it, without taking it into memory', async () => {
    await put('far');
    await get();
    await untilInRedis();
    forget();
    for (let asked = 0; asked < 2; asked += 1) {
      const { memory, redis, next, reason } = await explained();
      expect([memory, redis?.state, next]).toEqual([null, 'fresh', 'hit']);
      expect(reason).toContain('in Redis');
    }
    expect(await nextStatus()).toBe('inkwell; hit; detail=redis');
  });

  it('names the change that made old what Redis still holds', async () => {
    await put('first');
    await get();
    await untilInRedis();
    await put('second');
    const { memory, redis, next, reason, changes } = await explained();
    expect([memory, redis?.state, next]).toEqual([null, 'outdated', 'miss']);
    expect(reason).toContain(
      `before transaction ${changes[0]!.xid} (note.revised), which touched note:${id}`,
    );
    expect(changes.map(({ seen_by_redis }) => seen_by_redis)).toEqual([false, true]);
    expect(await nextStatus()).toContain('fwd=miss');
  });

  it('shows that something does not exist as what is held', async () => {
    await get();
    const { memory, next } = await explained();
    expect([memory?.status, memory?.state, memory?.representations, next]).toEqual([404, 'fresh', [], 'hit']);
  });

  it('counts no hit and no miss', async () => {
    await put('counted');
    await get();
    const counts = () => {
      const { hits, misses } = operated.inkwell.app.get(CacheTally).of('post');
      return { ...hits, misses };
    };
    const before = counts();
    for (const asked of [path, '/notes/1']) await explained(asked);
    expect(counts()).toEqual(before);
  });

  it.each([
    ['/blog/api/posts?q=words', 'are not stored', 200],
    ['/blog/api/posts?limit=0', 'invalid', 400],
    ['/blog/api/posts?unknown=1', 'invalid', 400],
    ['/blog/api/categories?limit=1', 'invalid', 400],
    ['/notes/abc', 'invalid', 400],
  ])('says of %s that it is not cached: %s', async (uncached, why, expected) => {
    const { next, reason, key } = await explained(uncached);
    expect([next, key]).toEqual(['uncached', null]);
    expect(reason).toContain(why);
    const { status, headers } = await getNote(operated.inkwell, uncached);
    expect(status).toBe(expected);
    expect(headers.get('cache-status') ?? '').not.toMatch(/hit|stored/);
  });

  it.each(['/nowhere', '/livez', '/api/users/me', '/notes/1/2'])(
    'answers 404 for %s, which no cached route answers',
    async (elsewhere) => {
      const { status, body } = await api(operated.inkwell).get(
        `${EXPLAIN}?path=${elsewhere}`,
        operated.admin,
      );
      expect([status, body['code']]).toEqual([404, 'cache.no_cached_route']);
    },
  );

  it.each(['', '?path=', '?path=/notes&more=1', '?path=/%25zz', '?path=/a&path=/b'])(
    'refuses the query %j with 400',
    async (search) => {
      expect((await api(operated.inkwell).get(EXPLAIN + search, operated.admin)).status).toBe(400);
    },
  );

  it('refuses who is not logged in, who shows a bad token, and who is no admin', async () => {
    const ask = async (token?: string) =>
      (await api(operated.inkwell).get(`${EXPLAIN}?path=/notes`, token)).status;
    expect(await Promise.all([ask(), ask('nonsense'), ask(operated.author)])).toEqual([401, 401, 403]);
  });
});

describe('GET /api/cache/explain with a TTL of two seconds, without Redis', () => {
  beforeAll(() => begin({ REDIS_URL: '', CACHE_TTL_POST_SECONDS: '2', CACHE_TTL_CATEGORIES_SECONDS: '0' }));
  afterAll(end);

  it('says that an entry is stale, and later that it is too old', async () => {
    await put('ageing');
    await get();
    expect((await explained()).ttl).toEqual({ seconds: 2, declared_seconds: 60, is_overridden: true });
    await sleep(2_100);
    const { memory, next, reason } = await explained();
    expect([memory?.state, next]).toEqual(['stale', 'stale']);
    expect(reason).toContain('marked stale');
    await sleep(2_000);
    const later = await explained();
    expect([later.memory?.state, later.next]).toEqual(['stale', 'miss']);
    expect(later.reason).toContain('too old');
    expect(await nextStatus()).toBe('inkwell; fwd=miss; stored');
  });

  it('answers as it said of a stale entry', async () => {
    await put('ageing');
    await get();
    await sleep(2_100);
    expect((await explained()).next).toBe('stale');
    expect(await nextStatus()).toBe('inkwell; fwd=stale; detail=revalidating');
  });

  it('names the change that evicted it from memory', async () => {
    await put('first');
    await get();
    await put('second');
    const { memory, redis_state, reason, changes } = await explained();
    expect([memory, redis_state]).toEqual([null, 'none']);
    expect(reason).toContain(
      `memory does not hold it, since transaction ${changes[0]!.xid} (note.revised) touched note:${id}`,
    );
  });

  it('says that a TTL of 0 switches a cache off', async () => {
    const { next, reason } = await explained('/blog/api/categories');
    expect([next, reason]).toEqual(['uncached', expect.stringContaining('the TTL is 0')]);
  });
});

describe('GET /api/cache/explain while Redis is away', () => {
  beforeAll(() => begin({ REDIS_URL: 'redis://127.0.0.1:1', LOG_LEVEL: 'fatal' }));
  afterAll(end);

  it('says that it does not answer', async () => {
    const { redis, redis_state, reason } = await explained();
    expect([redis, redis_state]).toEqual([null, 'away']);
    expect(reason).toContain('Redis does not answer');
  });
});
