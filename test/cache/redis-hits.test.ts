import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { setTimeout as sleep } from 'node:timers/promises';
import { CacheInvalidator } from '../../src/platform/cache/cache-invalidator.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';
import { ask, type WireAnswer } from '../support/wire.js';
import { NOTES_TABLE, NotesModule, putNote } from './notes.js';

let redis: TestRedis;
let client: Redis;
let inkwell: Inkwell;

beforeAll(async () => {
  redis = await startRedis();
  client = new Redis(redis.url);
  inkwell = await startInkwell(
    { REDIS_URL: redis.url, LOG_LEVEL: 'fatal' },
    { modules: [NotesModule], schema: [NOTES_TABLE] },
  );
});
afterAll(async () => {
  await inkwell.close();
  client.disconnect();
  redis.stop();
});

/** As after a restart: the memory of this process is empty, Redis is not. */
const forget = (): unknown => inkwell.app.get(CacheInvalidator).clear();

/** What must be the same every time. */
const shown = ({ headers: all, body }: WireAnswer): Record<string, unknown> => {
  const { age: _age, date: _date, 'x-request-id': _id, 'cache-status': cacheStatus, ...rest } = all;
  return { cacheStatus, rest, body: body.toString() };
};
const answer = async (headers: Record<string, string> = {}): Promise<Record<string, unknown>> =>
  shown(await ask(inkwell, '/notes/1', headers));

let miss: Record<string, unknown>;
beforeEach(async () => {
  await client.flushall();
  await putNote(inkwell.url, 1, 'shared');
  miss = await answer();
  for (let i = 0; i < 500 && (await client.dbsize()) === 0; i += 1) await sleep(10);
  forget();
});

const FROM_REDIS = 'inkwell; hit; detail=redis';

/** Asks until Redis gives the answer: on a busy machine it may be asked too late for it. */
async function answerOfRedis(headers: Record<string, string> = {}): Promise<WireAnswer> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    forget();
    const wire = await ask(inkwell, '/notes/1', headers);
    if (wire.headers['cache-status'] === FROM_REDIS) return wire;
  }
  throw new Error('Redis never gave the answer');
}

describe('a hit in Redis', () => {
  it.each([
    ['at the front door', {}],
    // The front door leaves requests with an Origin to the router.
    ['behind the router', { origin: 'https://stranger.example' }],
  ])('has the headers and the bytes of the load, %s', async (_, headers) => {
    expect(shown(await answerOfRedis(headers))).toEqual({ ...miss, cacheStatus: FROM_REDIS });
    expect(await answer(headers)).toEqual({ ...miss, cacheStatus: 'inkwell; hit' });
  });

  it('is asked for once by a hundred requests at one moment', async () => {
    await client.config('RESETSTAT');
    const answers = await Promise.all(Array.from({ length: 100 }, () => answer()));
    expect(answers).toEqual(Array.from({ length: 100 }, () => ({ ...miss, cacheStatus: expect.anything() })));
    expect(await client.info('commandstats')).toMatch(/cmdstat_get:calls=1,/);
  });

  it('that is none is asked for once', async () => {
    await client.flushall();
    await client.config('RESETSTAT');
    expect(await answer()).toEqual({ ...miss, cacheStatus: 'inkwell; fwd=miss; stored' });
    expect(await client.info('commandstats')).toMatch(/cmdstat_get:calls=1,/);
  });

  it('is counted once, as one of Redis', async () => {
    const counted = async (): Promise<number> => {
      const text = await (await fetch(`${inkwell.url}/metrics`)).text();
      return Number(
        /^cache_hits_total\{(?=.*cache="post")(?=.*tier="redis").*\} (\d+)$/m.exec(text)?.[1] ?? 0,
      );
    };
    const before = await counted();
    await answerOfRedis();
    expect(await counted()).toBe(before + 1);
  });

  it('is a 304 to a reader who has it already', async () => {
    const { etag } = miss['rest'] as { etag: string };
    expect((await answerOfRedis({ 'if-none-match': etag })).status).toBe(304);
  });
});
