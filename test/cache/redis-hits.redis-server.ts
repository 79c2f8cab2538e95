import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask, type WireAnswer } from '../support/wire.js';
import { putNote } from './notes.js';
import { type NotesOnRedis, startNotesOnRedis } from './notes-on-redis.js';

let notes: NotesOnRedis;
let client: NotesOnRedis['client'];
let inkwell: NotesOnRedis['inkwell'];

beforeAll(async () => {
  notes = await startNotesOnRedis();
  ({ client, inkwell } = notes);
});
afterAll(() => notes.stop());

/** The parts that must be the same each time. */
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
  notes.forget();
});

const FROM_REDIS = 'inkwell; hit; detail=redis';

/** Repeats the request until Redis answers it. On a busy machine, Redis may answer too late. */
async function answerOfRedis(headers: Record<string, string> = {}): Promise<WireAnswer> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    notes.forget();
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
