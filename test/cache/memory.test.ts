import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createTestDatabase } from '../support/test-database.js';
import { ask, keepingAlive, type WireAnswer } from '../support/wire.js';
import { type Memory, MeasuredProcess } from './measured-process.js';

const MIB = 1024 * 1024;

/** What test/cache/flood.js measures in a process of its own. */
async function flood<Measured>(...words: string[]): Promise<Measured> {
  const node = ['--expose-gc', 'test/cache/flood.js', ...words];
  const { stdout } = await promisify(execFile)(process.execPath, node);
  return JSON.parse(stdout) as Measured;
}

interface Kind {
  readonly entries: number;
  /** Bytes an entry. */
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
      // A page counts a set of the index for each of its authors, although other pages share them.
      const isRight = share > 0.5 && share < 1.05;
      expect({ name, share, isRight }).toEqual({ name, share, isRight: true });
    }
  }, 120_000);
});

interface Moment extends Memory {
  /** How many of the popular posts are still in memory. */
  readonly survived: number;
  /** What the store says it takes. */
  readonly bytes: number;
}

interface Million {
  readonly popular: number;
  readonly begin: Memory;
  /** 900,000 keys later. */
  readonly afterMadeUp: Moment;
  /** Another 100,000 later. */
  readonly afterReal: Moment;
}

describe('the memory of the cache under a million distinct keys', () => {
  const MAX_BYTES = 8 * MIB;
  /**
   * The front door's spellings of 20,000 URLs, of which it keeps 10 MiB at most, and what maps and lists of the store keep
   * in reserve. Measured: 14 to 16 MB.
   */
  const CONSTANT_BYTES = 20 * MIB;
  let million: Million;
  beforeAll(async () => {
    million = await flood<Million>('million', String(MAX_BYTES));
  }, 300_000);

  it('stays within CACHE_MAX_BYTES and a constant', () => {
    const { begin, afterMadeUp, afterReal } = million;
    for (const { held, bytes } of [afterMadeUp, afterReal]) {
      expect(bytes).toBeLessThanOrEqual(MAX_BYTES);
      expect(held - begin.held).toBeLessThan(MAX_BYTES + CONSTANT_BYTES);
    }
    // Or there was nothing to bound.
    expect(afterReal.bytes).toBeGreaterThan(0.9 * MAX_BYTES);
  });

  it('does not grow in the eyes of the machine once it is full', () => {
    // V8 and malloc take what they need to work fast, for any cache; more than that they must not.
    const { afterMadeUp, afterReal } = million;
    expect(afterReal.rss - afterMadeUp.rss).toBeLessThan(MAX_BYTES + 64 * MIB);
  });

  it('keeps what is popular, in a flood of what is made up even when nobody asks for it', () => {
    const { popular, afterMadeUp, afterReal } = million;
    expect([afterMadeUp.survived, afterReal.survived]).toEqual([popular, popular]);
  });
});

describe('the memory of an instance under 20,000 made-up URLs', () => {
  const MAX_BYTES = 8 * MIB;
  /** As above, with what the application keeps of its own, such as parsed headers and prepared statements. Measured: 5 MB. */
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
      CACHE_MAX_BYTES: String(MAX_BYTES),
      CACHE_TTL_POSTS_SECONDS: '3600',
    });
    url = (await server.printed(/Metrics +(http\S+)\/metrics/))[1]!;
  }, 60_000);
  afterAll(async () => {
    await server.stop();
    await database.drop();
  });

  async function askMadeUp(from: number, to: number): Promise<void> {
    let i = from;
    const asker = async (): Promise<void> => {
      while (i < to) {
        const path = MADE_UP[i % MADE_UP.length]!(i);
        i += 1;
        expect([200, 404]).toContain((await get(path)).status);
      }
    };
    await Promise.all(Array.from({ length: 16 }, asker));
  }

  const gauge = async (name: string): Promise<number> => {
    const { body } = await get('/metrics');
    return Number(new RegExp(`^${name}(?:{.*})? (\\S+)$`, 'm').exec(body.toString())?.[1]);
  };

  it('stays within CACHE_MAX_BYTES and a constant, and real answers stay in memory', async () => {
    const posts = JSON.parse((await get('/blog/api/posts')).body.toString()) as { slug: string }[];
    const popular = [...POPULAR, ...posts.map(({ slug }) => `/blog/posts/${slug}`)];
    for (const path of popular) expect([path, (await get(path)).status]).toEqual([path, 200]);
    // Code is compiled and pools are filled by the first ones.
    await askMadeUp(0, 2_000);
    const before = await server.memory();
    await askMadeUp(2_000, 22_000);
    const after = await server.memory();
    expect(after.held - before.held).toBeLessThan(MAX_BYTES + CONSTANT_BYTES);
    expect(await gauge('cache_bytes')).toBeLessThanOrEqual(MAX_BYTES);
    for (const path of popular) {
      const { headers } = await get(path);
      // The page outlives its minute in this time; it is still there.
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
