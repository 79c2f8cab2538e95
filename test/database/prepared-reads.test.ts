import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { observeQueries, queriesFor } from '../../src/platform/database/query-purpose.js';
import { measuredDriver } from '../../src/platform/database/pool.js';
import { createTestDatabase } from '../support/test-database.js';

const EVERY_TYPE = `
  SELECT $1::text AS text, $2::integer AS number, $3::boolean AS truth, $4::text AS nothing, 12345678901::bigint AS big,
    ARRAY[1, 2, NULL]::integer[] AS numbers, '{"a": [1]}'::jsonb AS json, timestamptz '2026-11-22 10:00:00Z' AS at`;
const VALUES = ['한국어 — "quoted" \\ and\nmore', -7, true, null];

/** Named statements take another path than node-postgres' own queries. */
describe('a prepared statement through the pool', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let pool: pg.Pool;
  const open = (max: number): pg.Pool => {
    const opened = new measuredDriver.Pool({ connectionString: database.url, max });
    // Like ConnectionPoolKeeper, because the pool itself only checks idle connections.
    opened.on('error', () => undefined);
    opened.on('connect', (client) => client.on('error', () => undefined));
    return opened;
  };

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  beforeEach(() => {
    pool = open(2);
  });
  afterEach(async () => {
    observeQueries(() => undefined);
    await pool.end();
  });
  afterAll(() => database.drop());

  it('answers as node-postgres does, the first time and later, whatever the type', async () => {
    const expected = await pool.query<object>(EVERY_TYPE, VALUES);
    for (let i = 0; i < 3; i += 1) {
      const found = await pool.query<object>({ name: 'every type', text: EVERY_TYPE, values: VALUES });
      expect(found.rows).toEqual(expected.rows);
      expect(found.rowCount).toBe(1);
    }
  });

  it('answers many rows, and none', async () => {
    const statement = { name: 'numbers', text: 'SELECT n FROM generate_series(1, $1::integer) AS n' };
    expect((await pool.query({ ...statement, values: [3] })).rows).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
    expect((await pool.query({ ...statement, values: [0] })).rows).toEqual([]);
  });

  it('gives each of many callers at once the answer to his own question', async () => {
    const ask = (n: number): Promise<pg.QueryResult<{ n: number }>> =>
      pool.query({ name: 'own', text: 'SELECT $1::integer AS n', values: [n] });
    const answers = await Promise.all(Array.from({ length: 200 }, (_, n) => ask(n)));
    expect(answers.map(({ rows }) => rows[0]?.n)).toEqual(Array.from({ length: 200 }, (_, n) => n));
    expect(pool.totalCount).toBe(2);
  });

  it('fails for its caller alone, and the next one finds a connection that works', async () => {
    const half = { name: 'half', text: 'SELECT 100 / $1::integer AS half' };
    await expect(pool.query({ ...half, values: [0] })).rejects.toMatchObject({ code: '22012' });
    expect((await pool.query({ ...half, values: [2] })).rows).toEqual([{ half: 50 }]);
    await expect(pool.query({ name: 'broken', text: 'SELEC' })).rejects.toMatchObject({ code: '42601' });
    expect((await pool.query({ ...half, values: [4] })).rows).toEqual([{ half: 25 }]);
    expect(pool.waitingCount).toBe(0);
  });

  it('refuses another statement under a name that is taken', async () => {
    await pool.query({ name: 'taken', text: 'SELECT 1 AS one' });
    await expect(pool.query({ name: 'taken', text: 'SELECT 2 AS two' })).rejects.toThrow(/must be unique/);
    expect((await pool.query({ name: 'taken', text: 'SELECT 1 AS one' })).rows).toEqual([{ one: 1 }]);
  });

  it('fails when its connection is lost under way, and is not waited for', async () => {
    const sleeping = pool.query({ name: 'sleep', text: 'SELECT pg_sleep(60)::text AS slept' });
    const refusal = sleeping.then(String, String);
    const cut = `SELECT pg_terminate_backend(pid) AS cut FROM pg_stat_activity
      WHERE datname = current_database() AND query LIKE 'SELECT pg_sleep%'`;
    for (let isCut = false; !isCut;) isCut = (await pool.query(cut)).rows.length > 0;
    expect(await refusal).toMatch(/terminat/);
    expect((await pool.query({ name: 'again', text: 'SELECT 1 AS one' })).rows).toEqual([{ one: 1 }]);
  });

  it('leaves values that it cannot write to node-postgres', async () => {
    const { rows } = await pool.query({
      name: 'many',
      text: 'SELECT $1::integer[] AS numbers, $2::timestamptz AS at',
      values: [[1, 2], new Date(0)],
    });
    expect(rows).toEqual([{ numbers: [1, 2], at: new Date(0) }]);
  });

  it('is counted once, well or not, for the purpose of its caller, also of one who waited', async () => {
    const counted: string[] = [];
    observeQueries((purpose, seconds) => counted.push(`${purpose} ${seconds > 0}`));
    const one = { name: 'one', text: 'SELECT 1 AS one' };
    const jobs = Array.from({ length: 5 }, () => queriesFor('job', () => pool.query(one)));
    const fills = Array.from({ length: 5 }, () => queriesFor('fill', () => pool.query(one)));
    await Promise.all([...jobs, ...fills]);
    await queriesFor('bus', () => pool.query({ name: 'bad', text: 'SELEC' })).catch(() => undefined);
    const times = (count: number, what: string): string[] => Array.from({ length: count }, () => what);
    expect(counted.sort()).toEqual(['bus true', ...times(5, 'fill true'), ...times(5, 'job true')]);
  });

  it('ends with the pool', async () => {
    const ending = open(1);
    await ending.query({ name: 'one', text: 'SELECT 1 AS one' });
    await ending.end();
    await expect(ending.query({ name: 'one', text: 'SELECT 1 AS one' })).rejects.toThrow(/after calling end/);
  });
});
