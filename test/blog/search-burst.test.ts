import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { registerAndLogin } from '../support/accounts.js';
import { api, type ApiResponse } from '../support/api.js';
import { type Inkwell, LONG_LEASE, startInkwell } from '../support/start-inkwell.js';
import { query } from '../support/test-database.js';
import { POSTS, type PostDetail, written } from './posts.js';

/** An arbitrary number for the lock of this test. */
const GATE = 7_012_007;
/**
 * The process has ten connections to PostgreSQL. One of them is for costly reads, for which the allowed number of reads
 * waits.
 */
const POOL_MAX = 10;
const MAX_WAITING = 8;

/** A function that hides PostgreSQL's own, so that each search waits until the test opens the gate. */
const SLOW_SEARCH = [
  `CREATE SCHEMA slow`,
  `CREATE FUNCTION slow.matches(document tsvector, query tsquery) RETURNS boolean LANGUAGE plpgsql AS $$
     BEGIN
       PERFORM pg_advisory_xact_lock_shared(${GATE});
       RETURN document OPERATOR(pg_catalog.@@) query;
     END $$`,
  `CREATE OPERATOR slow.@@ (LEFTARG = tsvector, RIGHTARG = tsquery, FUNCTION = slow.matches)`,
  `DO $$ BEGIN
     EXECUTE format('ALTER DATABASE %I SET search_path = slow, pg_catalog, public', current_database());
   END $$`,
];

const WAITING_AT_THE_GATE = `SELECT count(*)::int AS count FROM pg_locks
  WHERE locktype = 'advisory' AND objid = ${GATE} AND NOT granted AND database =
    (SELECT oid FROM pg_database WHERE datname = current_database())`;

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await sleep(20);
}

let inkwell: Inkwell;
let posts: PostDetail[];
let gate: Client;

const search = (word: string): Promise<ApiResponse<{ code?: string; title?: string }>> =>
  api(inkwell).get(`${POSTS}?q=${word}`);
const held = async (): Promise<number> =>
  (await query<{ count: number }>(inkwell.databaseUrl, WAITING_AT_THE_GATE))[0]!.count;
const isBusy = ({ status, body }: ApiResponse<{ code?: string }>): boolean =>
  status === 503 && body.code === 'read.busy';

beforeAll(async () => {
  inkwell = await startInkwell(
    { DATABASE_POOL_MIN: '1', DATABASE_POOL_MAX: String(POOL_MAX), REDIS_URL: '', LOG_LEVEL: 'fatal' },
    { schema: SLOW_SEARCH },
  );
  const ada = await registerAndLogin(inkwell, 'ada');
  posts = [];
  for (let i = 0; i < 30; i += 1) posts.push(await written(inkwell, ada, { content: `needle ${i}` }));
  gate = new Client({ connectionString: inkwell.databaseUrl });
  await gate.connect();
});
afterAll(async () => {
  await gate.end();
  await inkwell.close();
});

describe('a burst of searches that hang', () => {
  it('costs searches only: what others miss is answered meanwhile', async () => {
    await gate.query(`SELECT pg_advisory_lock(${GATE})`);
    const answers: ApiResponse<{ code?: string }>[] = [];
    const burst = Array.from({ length: 60 }, async (_, i) => answers.push(await search(`needle${i % 7}`)));
    await until(async () => (await held()) > 0);
    // Searches beyond the limit are refused without waiting for the others.
    await until(async () => answers.length >= 60 - 1 - MAX_WAITING);
    const misses = await Promise.all(
      posts.map(({ id }) => api(inkwell).get(`${POSTS}/${id}`, undefined, { 'accept-encoding': 'identity' })),
    );
    expect(new Set(misses.map(({ status }) => status))).toEqual(new Set([200]));
    expect(misses[0]!.headers.get('cache-status')).toContain('fwd=miss');
    expect(await held()).toBe(1);
    expect(answers.every(isBusy)).toBe(true);
    expect(answers[0]!.headers.get('retry-after')).toMatch(/^\d+$/);
    await gate.query(`SELECT pg_advisory_unlock(${GATE})`);
    await Promise.all(burst);
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
  });

  it('ends each after two seconds, with a problem of its own', async () => {
    await gate.query(`SELECT pg_advisory_lock(${GATE})`);
    const { status, headers, body } = await search('needle');
    expect([status, body.code]).toEqual([503, 'read.too_slow']);
    expect(headers.get('retry-after')).toMatch(/^\d+$/);
    const page = await fetch(`${inkwell.url}/blog/?q=needle`, { headers: { accept: 'text/html' } });
    expect(page.status).toBe(503);
    await page.arrayBuffer();
    await gate.query(`SELECT pg_advisory_unlock(${GATE})`);
    expect((await search('needle')).status).toBe(200);
  });

  it('counts who runs, who waits and who was refused', async () => {
    const text = (await api(inkwell).get<string>('/metrics')).body;
    expect(text).toMatch(/^db_costly_reads\{state="running"\} 0$/m);
    expect(text).toMatch(/^db_costly_reads\{state="waiting"\} 0$/m);
    expect(text).toMatch(/^db_costly_reads_refused_total\{reason="busy"\} [1-9]\d*$/m);
    expect(text).toMatch(/^db_costly_reads_refused_total\{reason="slow"\} [1-9]\d*$/m);
  });
});

describe('costly reads of one address', () => {
  let limited: Inkwell;
  beforeAll(async () => {
    limited = await startInkwell({
      ...LONG_LEASE,
      RATE_LIMIT_SEARCH: '3',
      TRUSTED_PROXIES: '127.0.0.1',
      REDIS_URL: '',
    });
  });
  afterAll(() => limited.close());

  const from = (ip: string, path: string) => api(limited).get(path, undefined, { 'x-forwarded-for': ip });

  it('are limited together, whether search, deep page or HTML', async () => {
    const first = await from('192.0.2.1', `${POSTS}?q=word`);
    expect(first.headers.get('ratelimit')).toMatch(/^"search";r=2;t=\d+$/);
    expect(first.headers.get('ratelimit-policy')).toBe('"search";q=3;w=60');
    expect((await from('192.0.2.1', '/blog/?q=word')).headers.get('ratelimit')).toMatch(/^"search";r=1;/);
    expect((await from('192.0.2.1', `${POSTS}?offset=9000`)).status).toBe(200);
    for (const path of [`${POSTS}?q=word`, '/blog/?q=word', `${POSTS}?offset=9001`]) {
      const refused = await from('192.0.2.1', path);
      expect([path, refused.status]).toEqual([path, 429]);
      expect(refused.headers.get('ratelimit')).toMatch(/^"search";r=0;t=\d+$/);
      expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
    }
  });

  it('leave every other read of the address alone, and every other address', async () => {
    expect((await from('192.0.2.1', POSTS)).status).toBe(200);
    expect((await from('192.0.2.1', `${POSTS}?offset=20`)).status).toBe(200);
    expect((await from('192.0.2.1', '/blog/')).status).toBe(200);
    expect((await from('192.0.2.2', `${POSTS}?q=word`)).status).toBe(200);
  });

  it('are not counted where memory has the answer, and the front door stays open', async () => {
    const deep = `${POSTS}?offset=5000`;
    await from('192.0.2.3', deep);
    for (let i = 0; i < 10; i += 1) {
      const again = await from('192.0.2.3', deep);
      expect([again.status, again.headers.get('cache-status')]).toEqual([200, 'inkwell; hit']);
    }
    const refused = [];
    for (let i = 0; i < 4; i += 1)
      refused.push((await from('192.0.2.3', `${POSTS}?offset=${6000 + i}`)).status);
    expect(refused).toEqual([200, 200, 429, 429]);
  });
});
