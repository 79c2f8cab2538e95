import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { setTimeout as sleep } from 'node:timers/promises';
import { CacheInvalidator } from '../../src/platform/cache/cache-invalidator.js';
import { runningTime } from '../../src/platform/resilience/running-time.js';
import { untilHits } from '../support/hits.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { type Inkwell, LONG_LEASE, startInkwell } from '../support/start-inkwell.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { Loads, NOTES_TABLE, NotesModule } from './notes.js';

const extras = { modules: [NotesModule], schema: [NOTES_TABLE] };
const quiet = { LOG_LEVEL: 'fatal' };
const FROM_REDIS = 'inkwell; hit; detail=redis';

interface Answer {
  readonly status: number;
  readonly cacheStatus: string;
  readonly retryAfter: string | null;
  readonly text: string;
  /** Simulates a process that was not starved of CPU. */
  readonly ms: number;
}

async function get(inkwell: Inkwell, path: string): Promise<Answer> {
  const look = runningTime.begin();
  const response = await fetch(inkwell.url + path);
  const text = await response.text();
  return {
    status: response.status,
    cacheStatus: response.headers.get('cache-status') ?? '',
    retryAfter: response.headers.get('retry-after'),
    text,
    ms: look().ranMs,
  };
}

const put = async (inkwell: Inkwell, id: number, text: string): Promise<number> => {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${inkwell.url}/notes/${id}`, {
    method: 'PUT',
    headers,
    body: JSON.stringify({ text }),
  });
  await response.arrayBuffer();
  return response.status;
};

const percentile = (values: number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? 0;

/** Reads and writes, one after the other, until it is stopped. */
async function load(
  inkwell: Inkwell,
  isOver: () => boolean,
): Promise<{ answers: Answer[]; writes: number[] }> {
  const answers: Answer[] = [];
  const writes: number[] = [];
  const reader = async (): Promise<void> => {
    while (!isOver()) answers.push(await get(inkwell, `/notes/${Math.ceil(Math.random() * 5)}`));
  };
  const writer = async (): Promise<void> => {
    for (let i = 0; !isOver(); i += 1) {
      writes.push(await put(inkwell, 1 + (i % 5), `text ${i}`));
      await sleep(5);
    }
  };
  await Promise.all([writer(), ...Array.from({ length: 8 }, reader)]);
  return { answers, writes };
}

describe('without a Redis that answers', () => {
  let redis: TestRedis;
  let proxy: TcpProxy;
  let inkwell: Inkwell;
  beforeAll(async () => {
    redis = await startRedis();
    proxy = await TcpProxy.to(redis.url);
    inkwell = await startInkwell({ ...quiet, REDIS_URL: proxy.through(redis.url) }, extras);
    for (let id = 1; id <= 5; id += 1) await put(inkwell, id, 'begin');
  });
  afterAll(async () => {
    await inkwell.close();
    await proxy.close();
    redis.stop();
  });

  it('answers every request in time while Redis is blackholed, cut off, killed and started again empty', async () => {
    let isOver = false;
    const running = load(inkwell, () => isOver);
    const port = Number(new URL(redis.url).port);
    for (const fault of ['swallow', 'pass', 'refuse', 'pass'] as const) {
      proxy.set(fault);
      await sleep(1_200);
    }
    redis.stop();
    await sleep(1_000);
    redis = await startRedis(port);
    await sleep(1_500);
    isOver = true;
    const { answers, writes } = await running;
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(writes)).toEqual(new Set([200]));
    expect(answers.length).toBeGreaterThan(100);
    const durations = answers.map(({ ms }) => ms);
    expect(percentile(durations, 0.99)).toBeLessThan(1_000);
  }, 30_000);

  it('uses Redis again once it is back', async () => {
    const reader = new Redis(redis.url);
    const deadline = Date.now() + 10_000;
    let keys = 0;
    for (let i = 0; keys === 0 && Date.now() < deadline; i += 1) {
      await put(inkwell, 1, `again ${i}`);
      await get(inkwell, '/notes/1');
      keys = (await reader.keys('inkwell:*NotesController.get*')).length;
      await sleep(100);
    }
    reader.disconnect();
    expect(keys).toBeGreaterThan(0);
  }, 15_000);
});

describe('with a Redis that others write to', () => {
  let redis: TestRedis;
  let client: Redis;
  let first: Inkwell;
  beforeAll(async () => {
    redis = await startRedis();
    client = new Redis(redis.url);
    first = await startInkwell({ ...quiet, ...LONG_LEASE, REDIS_URL: redis.url }, extras);
  });
  afterAll(async () => {
    await first.close();
    client.disconnect();
    redis.stop();
  });
  beforeEach(() => client.flushall());

  const keyOf = async (): Promise<string> =>
    (await client.keys('inkwell:*NotesController.get*'))[0] ?? 'none';
  /** Clears L1 only. */
  const forget = (): number => first.app.get(CacheInvalidator).clear();
  /**
   * Repeats the request until Redis answers it. On a busy machine, Redis may answer too late.
   * @returns the answer, and the number of loads it took
   */
  async function answerOfRedis(path: string): Promise<Answer & { loads: number }> {
    for (let attempt = 0; attempt < 100; attempt += 1) {
      forget();
      const before = first.app.get(Loads).count;
      const answer = await get(first, path);
      if (answer.cacheStatus === FROM_REDIS) return { ...answer, loads: first.app.get(Loads).count - before };
    }
    throw new Error('Redis never gave the answer');
  }
  const untilStored = async (): Promise<string> => {
    const deadline = Date.now() + 5_000;
    while ((await keyOf()) === 'none' && Date.now() < deadline) await sleep(10);
    return keyOf();
  };

  it('answers from Redis what it finds there, without a query, with the same bytes', async () => {
    await put(first, 1, 'shared');
    const miss = await get(first, '/notes/1');
    await untilStored();
    const hit = await answerOfRedis('/notes/1');
    expect([hit.text, hit.loads]).toEqual([miss.text, 0]);
  });

  it.each([
    ['garbage', 'not an answer of ours'],
    ['nothing', ''],
    ['a length beyond the end', '\xff\xff\xff\xff{}'],
  ])('takes %s in Redis for a miss', async (_, value) => {
    await put(first, 1, 'true');
    await get(first, '/notes/1');
    await client.set(await untilStored(), Buffer.from(value, 'latin1'));
    forget();
    const answer = await get(first, '/notes/1');
    expect([answer.status, answer.cacheStatus]).toEqual([200, 'inkwell; fwd=miss; stored']);
    expect(JSON.parse(answer.text)).toEqual({ id: 1, text: 'true' });
  });

  it('takes a key of another type for a miss', async () => {
    await put(first, 1, 'true');
    await get(first, '/notes/1');
    const key = await untilStored();
    await client.del(key);
    await client.rpush(key, 'a list');
    forget();
    expect((await get(first, '/notes/1')).status).toBe(200);
  });

  it('does not believe what Redis still holds from before a write', async () => {
    await put(first, 1, 'old');
    await get(first, '/notes/1');
    const key = await untilStored();
    const old = await client.getBuffer(key);
    await put(first, 1, 'new');
    await client.set(key, old!);
    forget();
    expect(JSON.parse((await get(first, '/notes/1')).text)).toEqual({ id: 1, text: 'new' });
  });

  it('believes it after a restart only where nothing was written since, as the outbox tells', async () => {
    const { databaseUrl } = first;
    await put(first, 1, 'one');
    await put(first, 2, 'two');
    await get(first, '/notes/1');
    await get(first, '/notes/2');
    await untilStored();
    const restarted = (): Promise<Inkwell> =>
      startInkwell({ ...quiet, ...LONG_LEASE, REDIS_URL: redis.url }, { ...extras, schema: [], databaseUrl });
    const second = await restarted();
    // Its own write is in the outbox by now; the first one's copy of it in Redis is old.
    await put(second, 1, 'changed by the second');
    await second.close();
    const said: string[] = [];
    // A busy machine may ask Redis too late, and then replaces what it holds; the next process finds that.
    while (said.at(-1) !== FROM_REDIS && said.length < 5) {
      const third = await restarted();
      expect(JSON.parse((await get(third, '/notes/1')).text)).toEqual({
        id: 1,
        text: 'changed by the second',
      });
      said.push((await get(third, '/notes/2')).cacheStatus);
      await third.close();
    }
    expect(said.at(-1)).toBe(FROM_REDIS);
  });

  it('keeps a value over the limit out of Redis and answers it all the same', async () => {
    await put(first, 1, 'x'.repeat(1_900_000));
    for (let i = 0; i < 3; i += 1) expect((await get(first, '/notes/1')).status).toBe(200);
  });
});

describe('without a PostgreSQL that answers', () => {
  let proxy: TcpProxy;
  let inkwell: Inkwell;
  beforeEach(async () => {
    proxy = await TcpProxy.to(process.env['TEST_POSTGRES_URL']!);
    const environment = { ...quiet, REDIS_URL: '', CACHE_TTL_POST_SECONDS: '1', STALE_IF_ERROR_SECONDS: '4' };
    inkwell = await startInkwell(environment, { ...extras, databaseProxy: proxy });
    await put(inkwell, 1, 'kept');
    await untilHits(() => fetch(`${inkwell.url}/notes/1`));
  });
  afterEach(async () => {
    proxy.set('refuse');
    proxy.set('pass');
    await inkwell.close();
    await proxy.close();
  });

  it.each(['refuse', 'swallow'] as const)(
    'goes on with what it has, marked as stale, and says 503 within 2 s to the rest: %s',
    async (mode) => {
      expect((await get(inkwell, '/notes/8')).status).toBe(404);
      proxy.set(mode);
      await sleep(2_200);
      const stale = await get(inkwell, '/notes/1');
      expect([stale.status, stale.cacheStatus]).toEqual([200, 'inkwell; fwd=stale; detail=database-away']);
      // The thing may exist by now, and no event would evict the absence.
      const asked = [get(inkwell, '/notes/2'), get(inkwell, '/notes/8'), timedPut(inkwell)];
      for (const answer of await Promise.all(asked)) {
        expect(answer.status).toBe(503);
        expect(answer.retryAfter).toMatch(/^\d+$/);
        expect(answer.ms).toBeLessThan(2_000);
      }
      await sleep(3_500);
      expect((await get(inkwell, '/notes/1')).status).toBe(503);
      proxy.set('pass');
      await untilUp(inkwell);
      expect(await put(inkwell, 1, 'back')).toBe(200);
      expect(JSON.parse((await get(inkwell, '/notes/1')).text)).toEqual({ id: 1, text: 'back' });
    },
    40_000,
  );
});

async function timedPut(inkwell: Inkwell): Promise<Answer> {
  const look = runningTime.begin();
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${inkwell.url}/notes/1`, { method: 'PUT', headers, body: '{"text":"lost"}' });
  const text = await response.text();
  const { ranMs: ms } = look();
  return {
    status: response.status,
    cacheStatus: '',
    retryAfter: response.headers.get('retry-after'),
    text,
    ms,
  };
}

async function untilUp(inkwell: Inkwell): Promise<void> {
  const deadline = Date.now() + 15_000;
  while ((await put(inkwell, 9, 'up?')) !== 200 && Date.now() < deadline) await sleep(100);
}
