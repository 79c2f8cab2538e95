import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LONG_LEASE } from '../support/start-inkwell.js';
import { createTestDatabase } from '../support/test-database.js';
import { ask, keepingAlive, type WireAnswer } from '../support/wire.js';
import { flood } from './flood-results.js';
import { MeasuredProcess } from './measured-process.js';

const MIB = 1024 * 1024;

interface Kind {
  readonly entries: number;
  /** Bytes per entry. */
  readonly counted: number;
  readonly held: number;
}

describe('an entry in memory', () => {
  it('counts what it holds, or a little more, whatever it is', async () => {
    const kinds = await flood<Record<string, Kind>>('kinds');
    expect(Object.keys(kinds)).toHaveLength(9);
    for (const [name, { entries, counted, held }] of Object.entries(kinds)) {
      expect(entries).toBeGreaterThanOrEqual(5_000);
      const share = held / counted;
      // A page counts an index set for each of its authors, although it shares them with other pages.
      const isRight = share > 0.5 && share < 1.05;
      expect({ name, share, isRight }).toEqual({ name, share, isRight: true });
    }
  }, 120_000);
});

describe('the memory of an instance under 20,000 made-up URLs', () => {
  const MAX_BYTES = 8 * MIB;
  /**
   * The spare capacity of maps and the front door's URL spellings, and the application's own memory, such as parsed
   * headers and prepared statements. Measured: 5 MB.
   */
  const CONSTANT_BYTES = 16 * MIB;
  const POPULAR = [
    '/blog/',
    '/blog/api/posts',
    '/blog/api/posts/1',
    '/blog/api/posts/2',
    '/blog/api/categories',
    '/api/users/1',
  ];
  const MADE_UP: readonly ((i: number) => string)[] = [
    (i) => `/blog/api/posts/made-up-${i}`,
    (i) => `/blog/api/posts/${1_000_000 + i}`,
    (i) => `/blog/api/posts?category=made-up-${i}`,
    (i) => `/blog/api/posts?author=made-up-${i}`,
    (i) => `/blog/api/posts?tag=made-up-${i}&limit=${1 + (i % 100)}`,
    (i) => `/blog/api/tags?cursor=made-up-${i}`,
    (i) => `/blog/api/posts?offset=${i % 10_000}`,
    (i) => `/blog/?category=made-up-${i}`,
    (i) => `/blog/posts/made-up-${i}?utm_source=${'somewhere-'.repeat(200)}`,
    (i) => `/api/users/made-up-${i}`,
    (i) => `/api/users/${1_000_000 + i}`,
  ];
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let server: MeasuredProcess;
  let url: string;
  const get = (path: string): Promise<WireAnswer> => ask({ url }, path, {}, 'GET', keepingAlive);

  beforeAll(async () => {
    database = await createTestDatabase();
    server = MeasuredProcess.start('dist/main.js', {
      DATABASE_URL: database.url,
      PORT: '0',
      HOST: '127.0.0.1',
      AUTH_SECRET: 'the-signing-key-of-the-tests-0123456789',
      RATE_LIMIT_SEARCH: '1000000',
      CACHE_MAX_BYTES: String(MAX_BYTES),
      CACHE_TTL_POSTS_SECONDS: '3600',
      ...LONG_LEASE,
    });
    url = (await server.printed(/Metrics +(http\S+)\/metrics/))[1]!;
  }, 60_000);
  afterAll(async () => {
    await server.stop();
    await database.drop();
  });

  async function askMadeUp(from: number, to: number): Promise<void> {
    let i = from;
    const statuses = new Set<number>();
    const asker = async (): Promise<void> => {
      while (i < to) {
        const path = MADE_UP[i % MADE_UP.length]!(i);
        i += 1;
        statuses.add((await get(path)).status);
      }
    };
    await Promise.all(Array.from({ length: 16 }, asker));
    expect(statuses).toEqual(new Set([200, 404]));
  }

  const gauge = async (name: string): Promise<number> => {
    const { body } = await get('/metrics');
    return Number(new RegExp(`^${name}(?:{.*})? (\\S+)$`, 'm').exec(body.toString())?.[1]);
  };

  it('stays within CACHE_MAX_BYTES and a constant, and real answers stay in memory', async () => {
    const posts = JSON.parse((await get('/blog/api/posts')).body.toString()) as { slug: string }[];
    const popular = [...POPULAR, ...posts.map(({ slug }) => `/blog/posts/${slug}`)];
    for (const path of popular) expect([path, (await get(path)).status]).toEqual([path, 200]);
    // The first requests compile code and fill pools.
    await askMadeUp(0, 2_000);
    const before = await server.memory();
    for (let from = 2_000; from < 22_000; from += 2_000) {
      await askMadeUp(from, from + 2_000);
      await get('/blog/');
    }
    const after = await server.memory();
    expect(after.held - before.held).toBeLessThan(MAX_BYTES + CONSTANT_BYTES);
    expect(await gauge('cache_bytes')).toBeLessThanOrEqual(MAX_BYTES);
    for (const path of popular) {
      const { headers } = await get(path);
      // The front page outlives its minute in this time, but stays in memory.
      expect([path, headers['cache-status']]).toEqual([
        path,
        expect.stringMatching(/^inkwell; (hit|fwd=stale)/),
      ]);
    }
    process.stdout.write(
      `held +${(after.held - before.held) / 1e6}MB rss +${(after.rss - before.rss) / 1e6}MB cache ${await gauge('cache_bytes')}\n`,
    );
  }, 300_000);
});
