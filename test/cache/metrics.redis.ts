import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { CacheInvalidator } from '../../src/platform/cache/cache-invalidator.js';
import { ResponsesInterceptor } from '../../src/platform/responses/responses.interceptor.js';
import { POSTS, written } from '../blog/posts.js';
import { registerAndLogin } from '../support/accounts.js';
import { api } from '../support/api.js';
import { cacheStatusOf } from '../support/hits.js';
import { type Inkwell, LONG_LEASE, redisUrl, startInkwell } from '../support/start-inkwell.js';
import { ask } from '../support/wire.js';
import { NOTES_TABLE, NotesModule, putNote } from './notes.js';

let inkwell: Inkwell;
beforeAll(async () => {
  inkwell = await startInkwell(
    { ...LONG_LEASE, REDIS_URL: redisUrl() },
    { modules: [NotesModule], schema: [NOTES_TABLE] },
  );
  const body = JSON.stringify({ text: 'one' });
  await fetch(`${inkwell.url}/notes/1`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body,
  });
});
afterAll(() => inkwell.close());

const get = async (headers: Record<string, string> = {}, method = 'GET'): Promise<Response> => {
  const response = await fetch(`${inkwell.url}/notes/1`, { method, headers });
  await response.arrayBuffer();
  return response;
};

/** The value of a sample by its exact name and labels; 0 if it is missing. */
async function sample(line: string): Promise<number> {
  const text = await (await fetch(`${inkwell.url}/metrics`)).text();
  const found = text.split('\n').find((candidate) => candidate.startsWith(`${line} `));
  return found === undefined ? 0 : Number(found.slice(line.length + 1));
}

const HITS_MEMORY = 'cache_hits_total{cache="post",tier="memory"}';
const HITS_REDIS = 'cache_hits_total{cache="post",tier="redis"}';
const MISSES = 'cache_misses_total{cache="post"}';
const REQUESTS_200 = 'http_requests_total{method="GET",route="/notes/:id",status="200"}';
const REQUESTS_304 = 'http_requests_total{method="GET",route="/notes/:id",status="304"}';
const OBSERVED = 'http_request_duration_seconds_count{method="GET",route="/notes/:id"}';
const OBSERVED_INF = 'http_request_duration_seconds_bucket{le="+Inf",method="GET",route="/notes/:id"}';

describe('GET /metrics', () => {
  it('counts each read of a cached route once, in the tier that served it, router or front door', async () => {
    const names = [HITS_MEMORY, HITS_REDIS, MISSES, REQUESTS_200, REQUESTS_304, OBSERVED, OBSERVED_INF];
    const before = await Promise.all(names.map(sample));
    const answers = [await get()];
    for (let i = 0; i < 5; i += 1) answers.push(await get());
    const { headers } = answers[0]!;
    for (let i = 0; i < 3; i += 1) answers.push(await get({ 'if-none-match': headers.get('etag')! }));
    const countOf = (status: RegExp): number =>
      answers.filter((answer) => status.test(cacheStatusOf(answer))).length;
    expect([countOf(/; hit$/), countOf(/fwd=miss/)]).toEqual([8, 1]);
    // Redis has it a moment later than the reader, and on a busy machine it is asked too late for it.
    while (countOf(/detail=redis/) === 0) {
      inkwell.app.get(CacheInvalidator).clear();
      answers.push(await get());
    }
    const after = await Promise.all(names.map(sample));
    const reads = answers.length;
    expect(after.map((value, index) => value - before[index]!)).toEqual([
      ...[8, 1, countOf(/fwd=miss/)],
      ...[reads - 3, 3, reads, reads],
    ]);
  });

  it('counts a miss and a hit before the router as it counts them behind the router', async () => {
    /** Without sums of seconds and their buckets. */
    const counted = async (): Promise<Map<string, number>> => {
      const text = await (await fetch(`${inkwell.url}/metrics`)).text();
      const lines = text
        .split('\n')
        .filter((line) => /^(?!.*(_sum|_bucket)).*(notes|"post"|="fill")/.test(line));
      return new Map(lines.map((line) => [line.split(' ')[0]!, Number(line.split(' ')[1])]));
    };
    const added: Record<string, number>[] = [];
    const intercept = jest.spyOn(ResponsesInterceptor.prototype, 'intercept');
    // The front door leaves requests with an Origin to the router.
    for (const headers of [{ origin: 'https://stranger.example' }, {}] as Record<string, string>[]) {
      await putNote(inkwell.url, 1, 'evicted');
      const before = await counted();
      for (let i = 0; i < 3; i += 1) await get(headers);
      await get({ ...headers, 'if-none-match': '*' });
      const all = [...(await counted())].map(
        ([name, value]) => [name, value - (before.get(name) ?? 0)] as const,
      );
      added.push(Object.fromEntries(all.filter(([, more]) => more > 0)));
    }
    const routed = intercept.mock.calls.filter(([context]) => context.getHandler().name === 'get');
    expect(routed).toHaveLength(4);
    intercept.mockRestore();
    expect(added[0]).toMatchObject({
      [MISSES]: 1,
      [HITS_MEMORY]: 3,
      [REQUESTS_200]: 3,
      [REQUESTS_304]: 1,
      [OBSERVED]: 4,
    });
    expect(added[1]).toEqual(added[0]);
  });

  it('counts HEAD apart', async () => {
    const name = 'http_requests_total{method="HEAD",route="/notes/:id",status="200"}';
    const before = await sample(name);
    for (let i = 0; i < 4; i += 1) await get({}, 'HEAD');
    expect((await sample(name)) - before).toBe(4);
  });

  it('counts a redirect out of memory by its exact status', async () => {
    const author = await registerAndLogin(inkwell, 'ada');
    const { id } = await written(inkwell, author, { slug: 'first-home' });
    await api(inkwell).patch(`${POSTS}/${id}`, { slug: 'second-home' }, author.token);
    const name = (status: number): string =>
      `http_requests_total{method="GET",route="/blog/posts/:slug",status="${status}"}`;
    const before = await Promise.all([sample(name(301)), sample(name(200))]);
    for (let i = 0; i < 4; i += 1) expect((await ask(inkwell, '/blog/posts/first-home')).status).toBe(301);
    const after = await Promise.all([sample(name(301)), sample(name(200))]);
    expect(after.map((value, index) => value - before[index]!)).toEqual([4, 0]);
  });

  it('says how much is in memory, how often changes evicted, and how long loads took', async () => {
    await get();
    expect(await sample('cache_entries')).toBeGreaterThan(0);
    expect(await sample('cache_bytes')).toBeGreaterThan(1000);
    expect(await sample('cache_invalidations_total')).toBeGreaterThan(0);
    expect(await sample('cache_latency_seconds_count{cache="post",op="load"}')).toBeGreaterThan(0);
    expect(await sample('cache_latency_seconds_count{cache="post",op="redis_get"}')).toBeGreaterThan(0);
  });
});
