import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'pg';
import { Housekeeping } from '../src/platform/database/housekeeping.js';
import { queriesFor } from '../src/platform/database/query-purpose.js';
import { MetricsServer } from '../src/platform/metrics/metrics-server.js';
import { PasswordHasher } from '../src/platform/passwords/password-hasher.js';
import { registerAndLogin } from './support/accounts.js';
import { api } from './support/api.js';
import { type Inkwell, LONG_LEASE, redisUrl, startInkwell } from './support/start-inkwell.js';

let inkwell: Inkwell;
beforeAll(async () => {
  inkwell = await startInkwell(LONG_LEASE);
});
afterAll(() => inkwell.close());

const scrape = async (): Promise<string> => (await fetch(`${inkwell.url}/metrics`)).text();

/** The value of one series; 0 if it is missing. */
async function read(series: string): Promise<number> {
  const line = (await scrape()).split('\n').find((candidate) => candidate.startsWith(`${series} `));
  return line === undefined ? 0 : Number(line.slice(series.length + 1));
}

/** Repeats until a series has the value, because other work may be using or awaiting a connection. */
async function untilSaid(series: string, value: () => number): Promise<void> {
  for (const deadline = Date.now() + 10_000; ; await sleep(20)) {
    const [said, expected] = [await read(series), value()];
    if (said === expected) return;
    if (Date.now() > deadline) throw new Error(`${series} is ${said} instead of ${expected}`);
  }
}

describe('GET /metrics', () => {
  it('is Prometheus text, never stored, and has the runtime and the build', async () => {
    const response = await fetch(`${inkwell.url}/metrics`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const text = await response.text();
    for (const name of [
      'process_cpu_seconds_total',
      'process_resident_memory_bytes',
      'nodejs_eventloop_lag_p99_seconds',
      'nodejs_eventloop_utilization',
      '# TYPE nodejs_gc_duration_seconds histogram',
    ]) {
      expect(text).toContain(`\n${name}`);
    }
    expect(text).toMatch(
      /^build_info\{version="\d+\.\d+\.\d+[^"]*",node="\d+\.[^"]+",build="[^"]{16,}"\} 1$/m,
    );
  });

  it('counts requests by method, route template and exact status', async () => {
    const series = 'http_requests_total{method="GET",route="/livez",status="200"}';
    const before = await read(series);
    await fetch(`${inkwell.url}/livez?x=1`);
    await fetch(`${inkwell.url}/livez`);
    expect(await read(series)).toBe(before + 2);
  });

  it('counts what matches no route as unmatched, whatever its path', async () => {
    const series = 'http_requests_total{method="GET",route="unmatched",status="404"}';
    const before = await read(series);
    await Promise.all(['/a', '/b/c', '/d?e=f'].map((path) => fetch(inkwell.url + path)));
    expect(await read(series)).toBe(before + 3);
    expect(await scrape()).not.toMatch(/route="\/(a|b\/c|d)"/);
  });

  it('times requests by method and route', async () => {
    const count = 'http_request_duration_seconds_count{method="GET",route="/health"}';
    const sum = 'http_request_duration_seconds_sum{method="GET",route="/health"}';
    const before = await read(count);
    await fetch(`${inkwell.url}/health`);
    expect(await read(count)).toBe(before + 1);
    expect(await read(sum)).toBeGreaterThan(0);
    expect(await read(sum)).toBeLessThan(30);
  });

  it('shows connections in use and those who wait for one', async () => {
    const pool = inkwell.app.get(Pool);
    const held = await Promise.all(Array.from({ length: 10 }, () => pool.connect()));
    const waiting = pool.connect();
    expect(await read('db_pool_connections{state="in_use"}')).toBe(10);
    await untilSaid('db_pool_pending', () => pool.waitingCount);
    expect(pool.waitingCount).toBeGreaterThan(0);
    held.forEach((client) => client.release());
    (await waiting).release();
    await untilSaid('db_pool_connections{state="idle"}', () => 10);
    await untilSaid('db_pool_pending', () => 0);
  });
});

describe('db_queries_total', () => {
  const counted = (purpose: string): Promise<number> => read(`db_queries_total{purpose="${purpose}"}`);

  /** How many statements of each purpose `work` has added. */
  async function added(work: () => Promise<unknown>, purposes: string[]): Promise<number[]> {
    const before = await Promise.all(purposes.map(counted));
    await work();
    const after = await Promise.all(purposes.map(counted));
    return after.map((count, index) => count - before[index]!);
  }

  it('counts what requests ask, what fills the caches, and what is written', async () => {
    const ada = await registerAndLogin(inkwell, 'ada');
    const own = () => api(inkwell).get('/api/sessions', ada.token);
    await own();
    expect(await added(own, ['request', 'fill', 'write'])).toEqual([1, 0, 0]);
    const tag = () => api(inkwell).get('/blog/api/posts?limit=17');
    expect(await added(tag, ['request', 'fill', 'write'])).toEqual([0, 1, 0]);
    expect(await added(tag, ['request', 'fill', 'write'])).toEqual([0, 0, 0]);
    const body = { title: 'Counted', content: 'Once.', category_name: 'Counts' };
    const write = () => api(inkwell).post('/blog/api/posts', body, ada.token);
    const [request, fill, written] = await added(write, ['request', 'fill', 'write']);
    // Without Redis, PostgreSQL counts the write, once for the account and once for the address.
    expect([request, fill]).toEqual([redisUrl() === '' ? 2 : 0, 0]);
    expect(written).toBeGreaterThan(3);
  });

  it('counts the following of the outbox, and what is done beside requests', async () => {
    const before = await counted('bus');
    while ((await counted('bus')) === before) await sleep(50);
    const [job] = await added(() => inkwell.app.get(Housekeeping).sweep(), ['job']);
    expect(job).toBeGreaterThanOrEqual(1);
  });

  it('keeps the purpose of what waited for a connection', async () => {
    const pool = inkwell.app.get(Pool);
    const work = async (): Promise<void> => {
      const held = await Promise.all(Array.from({ length: 10 }, () => pool.connect()));
      const waiting = queriesFor('fill', () => pool.query('SELECT 1'));
      queriesFor('job', () => held.forEach((client) => client.release()));
      await waiting;
    };
    expect(await added(work, ['request', 'fill'])).toEqual([0, 1]);
  });

  it('times statements, and those that fail too', async () => {
    const pool = inkwell.app.get(Pool);
    const series = 'db_query_duration_seconds_count{purpose="request"}';
    const sum = 'db_query_duration_seconds_sum{purpose="request"}';
    const before = [await read(series), await read(sum)];
    await pool.query('SELECT pg_sleep(0.05)');
    await expect(pool.query('SELECT nonsense')).rejects.toThrow('nonsense');
    expect(await read(series)).toBe(before[0]! + 2);
    expect(await read(sum)).toBeGreaterThan(before[1]! + 0.045);
  });
});

describe('auth_login_total', () => {
  it('counts logins by result', async () => {
    const results = async (): Promise<number[]> =>
      Promise.all(['success', 'failure'].map((result) => read(`auth_login_total{result="${result}"}`)));
    const [successes, failures] = await results();
    await registerAndLogin(inkwell, 'counted');
    await api(inkwell).post('/api/login', { username: 'counted', password: 'a wrong password' });
    await api(inkwell).post('/api/login', { username: 'nobody', password: 'a wrong password' });
    expect(await results()).toEqual([successes! + 1, failures! + 2]);
  });
});

describe('password_hash_queue_depth', () => {
  it('counts passwords that wait for a slot', async () => {
    const hasher = inkwell.app.get(PasswordHasher, { strict: false });
    const hashes = Array.from({ length: 20 }, () => hasher.hash('a quiet green kettle', 'here'));
    expect(await read('password_hash_queue_depth')).toBeGreaterThan(0);
    await Promise.all(hashes);
    expect(await read('password_hash_queue_depth')).toBe(0);
  });
});

// Gauges show the application that was started last, so tests that start another one come last.

describe('rate_limited_total', () => {
  it('counts refusals by policy', async () => {
    const limited = await startInkwell({ RATE_LIMIT_VERIFY: '1', REDIS_URL: '' });
    try {
      const before = await read('rate_limited_total{policy="verify"}');
      const statuses = [];
      for (let i = 0; i < 3; i += 1) statuses.push((await fetch(`${limited.url}/api/verify`)).status);
      expect(statuses).toEqual([401, 429, 429]);
      expect(await read('rate_limited_total{policy="verify"}')).toBe(before + 2);
    } finally {
      await limited.close();
    }
  });
});

describe('DATABASE_POOL_MIN', () => {
  it('is the number of connections that are open from the start', async () => {
    const pooled = await startInkwell({ DATABASE_POOL_MIN: '6' });
    try {
      expect(pooled.app.get(Pool).totalCount).toBe(6);
    } finally {
      await pooled.close();
    }
  });
});

describe('METRICS_PORT', () => {
  it('moves /metrics to a port of its own, which has nothing else', async () => {
    const apart = await startInkwell({ METRICS_PORT: '0' });
    try {
      const { port } = apart.app.get(MetricsServer);
      const response = await fetch(`http://127.0.0.1:${port}/metrics`);
      expect(response.status).toBe(200);
      expect(await response.text()).toContain('\nhttp_requests_total');
      expect((await fetch(`http://127.0.0.1:${port}/livez`)).status).toBe(404);
      expect((await fetch(`${apart.url}/metrics`)).status).toBe(404);
      expect((await fetch(`${apart.url}/livez`)).status).toBe(200);
    } finally {
      await apart.close();
    }
  });
});
