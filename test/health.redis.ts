import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { Lifecycle } from '../src/platform/lifecycle/lifecycle.js';
import { cacheStatusOf, untilHits } from './support/hits.js';
import { type Inkwell, redisUrl, startInkwell } from './support/start-inkwell.js';
import { TcpProxy } from './support/tcp-proxy.js';

const STALE_IF_ERROR_SECONDS = 4;

let postgres: TcpProxy;
let redis: TcpProxy;
let inkwell: Inkwell;

beforeAll(async () => {
  postgres = await TcpProxy.to(process.env['TEST_POSTGRES_URL']!);
  redis = await TcpProxy.to(redisUrl());
  inkwell = await startInkwell(
    {
      REDIS_URL: redis.through(redisUrl()),
      LOG_LEVEL: 'fatal',
      STALE_IF_ERROR_SECONDS: String(STALE_IF_ERROR_SECONDS),
    },
    { databaseProxy: postgres },
  );
});

afterEach(() => {
  postgres.set('pass');
  redis.set('pass');
});

afterAll(async () => {
  await inkwell.close();
  await postgres.close();
  await redis.close();
});

const get = (path: string): Promise<Response> => fetch(inkwell.url + path);
/** Longer than the result of a health check is remembered. */
const untilForgotten = (): Promise<void> => sleep(1_100);

async function untilReady(): Promise<void> {
  const deadline = Date.now() + 10_000;
  while ((await (await get('/readyz')).text()) !== ALL_UP) {
    if (Date.now() > deadline) throw new Error('not ready again after 10 s');
    await sleep(50);
  }
}

const ALL_UP = JSON.stringify({ status: 'ok', checks: { postgresql: 'up', redis: 'up' } });

describe.each(['/livez', '/health', '/startupz'])('GET %s', (path) => {
  it('is ok, plain and never stored', async () => {
    const response = await get(path);
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual({ status: 'ok' });
  });

  it('is ok with PostgreSQL and Redis away', async () => {
    postgres.set('refuse');
    redis.set('refuse');
    expect((await get(path)).status).toBe(200);
  });

  it('ignores parameters and credentials that mean nothing here', async () => {
    const response = await fetch(`${inkwell.url}${path}?probe=1`, { headers: { authorization: 'Bearer x' } });
    expect(response.status).toBe(200);
  });
});

describe('GET /readyz', () => {
  it('is ok when PostgreSQL and Redis answer', async () => {
    await untilReady();
    const response = await get('/readyz');
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.text()).toBe(ALL_UP);
  });

  it.each(['refuse', 'swallow'] as const)(
    'is degraded when connections to Redis %s, and ok when it is back',
    async (fault) => {
      await untilReady();
      redis.set(fault);
      await untilForgotten();
      const response = await get('/readyz');
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual({
        status: 'degraded',
        checks: { postgresql: 'up', redis: 'degraded' },
      });
      redis.set('pass');
      await untilReady();
    },
  );

  it.each(['refuse', 'swallow'] as const)(
    'is degraded while stale answers are kept when connections to PostgreSQL %s, then 503 within 1.5 s, and ok when it is back',
    async (fault) => {
      await untilReady();
      postgres.set(fault);
      await untilForgotten();
      const kept = await get('/readyz');
      expect(kept.status).toBe(200);
      expect(await kept.json()).toMatchObject({ status: 'degraded', checks: { postgresql: 'degraded' } });
      await sleep(STALE_IF_ERROR_SECONDS * 1000);
      const askedAt = performance.now();
      const response = await get('/readyz');
      expect(performance.now() - askedAt).toBeLessThan(1_500);
      expect(response.status).toBe(503);
      expect(response.headers.get('retry-after')).toBe('1');
      expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(await response.json()).toMatchObject({ code: 'service.unavailable', instance: '/readyz' });
      postgres.set('pass');
      await untilReady();
    },
  );

  it('answers 503 until the answers that are asked for most are warm', async () => {
    await untilReady();
    const isWarm = jest.spyOn(inkwell.app.get(Lifecycle), 'isWarm', 'get').mockReturnValue(false);
    expect((await get('/readyz')).status).toBe(503);
    isWarm.mockRestore();
    await untilReady();
  });

  it('asks PostgreSQL at most once a second, however many ask', async () => {
    await untilReady();
    await untilForgotten();
    await get('/readyz');
    postgres.set('refuse');
    const statuses = await Promise.all(Array.from({ length: 20 }, async () => (await get('/readyz')).status));
    expect(new Set(statuses)).toEqual(new Set([200]));
    postgres.set('pass');
    await untilReady();
  });
});

describe('GET /stats', () => {
  it('says what is running and how much there is', async () => {
    await untilReady();
    const response = await get('/stats');
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual({
      service: 'inkwell',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      node: process.versions.node,
      uptime_seconds: expect.any(Number),
      database: {
        version: expect.stringMatching(/^\d+/),
        connections: { idle: expect.any(Number), in_use: expect.any(Number), pending: 0 },
      },
      cache: { hits: 0, misses: 0, hit_ratio: null },
      posts: 0,
      categories: 1,
      users: 0,
    });
  });
});

describe('GET /stats after reads', () => {
  it('says how many of them the caches answered', async () => {
    await untilReady();
    const said: string[] = [];
    const read = async (): Promise<Response> => {
      const answer = await get('/blog/api/categories');
      said.push(cacheStatusOf(answer));
      return answer;
    };
    await untilHits(read, 3);
    const hits = said.filter((status) => status === 'inkwell; hit').length;
    const misses = said.filter((status) => status.startsWith('inkwell; fwd=miss')).length;
    // The first read cannot be a hit.
    expect(misses).toBeGreaterThan(0);
    expect(hits + misses).toBe(said.length);
    const { cache } = (await (await get('/stats')).json()) as { cache: object };
    expect(cache).toEqual({ hits, misses, hit_ratio: hits / (hits + misses) });
  });
});

// Last, because it cannot be undone.
describe('GET /readyz while draining', () => {
  it('answers 503 at once though liveness and other routes go on', async () => {
    inkwell.app.get(Lifecycle).startDraining();
    const response = await get('/readyz');
    expect(response.status).toBe(503);
    expect(response.headers.get('connection')).toBe('close');
    expect(response.headers.get('retry-after')).toBe('1');
    expect((await get('/livez')).status).toBe(200);
    expect((await get('/stats')).status).toBe(200);
  });
});
