import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { randomInt } from 'node:crypto';
import { PasswordHasher } from '../../src/platform/passwords/password-hasher.js';
import { Housekeeping } from '../../src/platform/database/housekeeping.js';
import { PASSWORD } from '../support/accounts.js';
import type { ApiResponse, Json } from '../support/api.js';
import { api } from '../support/documented-api.js';
import { query } from '../support/database.js';
import { redisOf, untilRedisAnswers } from '../support/redis.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';

const LIMITS = {
  RATE_LIMIT_LOGIN: '5',
  RATE_LIMIT_REGISTER: '3',
  RATE_LIMIT_VERIFY: '4',
  TRUSTED_PROXIES: '127.0.0.1',
};

/** An address that no other test has used, because counts outlive a test. */
const newAddress = (): string => `10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}`;
const newName = (): string => `u${randomInt(1e9)}`;

describe.each([
  ['with Redis', {}],
  ['without Redis', { REDIS_URL: '' }],
])('limits %s', (where, environment) => {
  let inkwell: Inkwell;
  beforeAll(async () => {
    inkwell = await startInkwell({ ...LIMITS, ...environment });
    await untilRedisAnswers(inkwell);
  });
  afterAll(() => inkwell.close());

  const login = (username: string, password: string, from = newAddress()): Promise<ApiResponse<Json>> =>
    api(inkwell).post('/api/login', { username, password }, undefined, { 'x-forwarded-for': from });
  const verify = (from: string, token?: string): Promise<ApiResponse<Json>> =>
    api(inkwell).get('/api/verify', token, { 'x-forwarded-for': from });
  const register = async (username: string): Promise<string> => {
    const body = { username, email: `${username}@example.org`, password: PASSWORD };
    await api(inkwell).post('/api/register', body, undefined, { 'x-forwarded-for': newAddress() });
    return username;
  };
  const statuses = async (count: number, request: () => Promise<ApiResponse<Json>>): Promise<number[]> => {
    const seen: number[] = [];
    for (let round = 0; round < count; round += 1) seen.push((await request()).status);
    return seen;
  };

  it('let an address log in five times a minute, then answer 429 until the minute is over', async () => {
    const [name, address] = [await register(newName()), newAddress()];
    expect(await statuses(5, () => login(name, PASSWORD, address))).toEqual([200, 200, 200, 200, 200]);
    const { status, headers, body } = await login(name, PASSWORD, address);
    expect(status).toBe(429);
    expect(body).toMatchObject({ code: 'request.rate_limited', status: 429 });
    const seconds = Number(headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(50);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(headers.get('ratelimit')).toBe(`"login";r=0;t=${seconds}`);
    expect(headers.get('ratelimit-policy')).toBe('"login";q=5;w=60');
  });

  it('count each address by itself, and an IPv6 /64 as one', async () => {
    const name = await register(newName());
    const network = `2001:db8:${randomInt(65_536).toString(16)}:${randomInt(65_536).toString(16)}`;
    let host = 0;
    const fromNetwork = () => login(name, PASSWORD, `${network}::${(host += 1)}`);
    expect(await statuses(6, fromNetwork)).toEqual([200, 200, 200, 200, 200, 429]);
    expect((await login(name, PASSWORD)).status).toBe(200);
  });

  it('count the address that the trusted proxy saw, not one that the client put before it', async () => {
    const address = newAddress();
    const statusesSeen = await statuses(5, () => verify(`${newAddress()}, ${address}`));
    expect(statusesSeen).toEqual([401, 401, 401, 401, 429]);
  });

  it('say on every answer of a limited route what is left', async () => {
    const address = newAddress();
    const answers = [
      await login('nobody', 'a wrong guess', address),
      await api(inkwell).post('/api/login', { username: 7 }, undefined, { 'x-forwarded-for': address }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([401, 400]);
    expect(answers.map(({ headers }) => headers.get('ratelimit'))).toEqual([
      expect.stringMatching(/^"login";r=4;t=\d+$/),
      expect.stringMatching(/^"login";r=3;t=\d+$/),
    ]);
    expect(answers.map(({ headers }) => headers.get('ratelimit-policy'))).toEqual([
      '"login";q=5;w=60',
      '"login";q=5;w=60',
    ]);
  });

  it('let through no more guesses at one moment than one after the other, and hash none of the others', async () => {
    const [name, count] = [await register(newName()), 30];
    const hashing = jest.spyOn(inkwell.app.get(PasswordHasher, { strict: false }), 'matches');
    try {
      const answers = await Promise.all(Array.from({ length: count }, () => login(name, 'a wrong guess')));
      const counts = [401, 429].map((wanted) => answers.filter(({ status }) => status === wanted).length);
      expect(counts).toEqual([20, 10]);
      expect(hashing).toHaveBeenCalledTimes(20);
    } finally {
      hashing.mockRestore();
    }
  });

  it('count wrong current passwords of a password change as failures of the account', async () => {
    const name = await register(newName());
    const token = (await login(name, PASSWORD)).body['token'] as string;
    const change = { password: 'a loud red bottle', current_password: 'a wrong guess' };
    const attempt = () => api(inkwell).patch(`/api/users/${name}`, change, token);
    expect(await statuses(6, attempt)).toEqual([403, 403, 403, 403, 403, 429]);
  });

  it('let an address register as often as RATE_LIMIT_REGISTER says, whatever is registered', async () => {
    const address = newAddress();
    const attempt = () =>
      api(inkwell).post('/api/register', { username: 'Not A Name' }, undefined, {
        'x-forwarded-for': address,
      });
    expect(await statuses(4, attempt)).toEqual([400, 400, 400, 429]);
  });

  it('let an address verify as often as RATE_LIMIT_VERIFY says, and count invalid tokens', async () => {
    const address = newAddress();
    expect(await statuses(5, () => verify(address, 'abc.def.ghi'))).toEqual([401, 401, 401, 401, 429]);
    const { headers } = await verify(newAddress());
    expect(headers.get('ratelimit-policy')).toBe('"verify";q=4;w=60');
  });

  it('leave other routes alone', async () => {
    const { headers } = await api(inkwell).get('/api/users/nobody');
    expect([headers.get('ratelimit'), headers.get('ratelimit-policy')]).toEqual([null, null]);
  });

  it(`are counted ${where === 'with Redis' ? 'in Redis' : 'in PostgreSQL'}`, async () => {
    const address = newAddress();
    await login('nobody', 'a wrong guess', address);
    const key = `inkwell:limit:login:${address}`;
    const redis = redisOf(inkwell);
    const rows = await query<{ points: number }>(inkwell, 'SELECT points FROM rate_limits WHERE key = $1', [
      key,
    ]);
    const expected =
      where === 'with Redis' ? { inRedis: '1', rows: [] } : { inRedis: undefined, rows: [{ points: 1 }] };
    expect({ inRedis: await redis?.get(key), rows }).toEqual(expected);
  });

  it('begin again when the minute is over', async () => {
    const address = newAddress();
    await statuses(6, () => verify(address));
    const key = `inkwell:limit:verify:${address}`;
    await redisOf(inkwell)?.pexpire(key, 1);
    await query(inkwell, 'UPDATE rate_limits SET expire = 1 WHERE key = $1', [key]);
    await new Promise((resolve) => setTimeout(resolve, 10));
    const { status, headers } = await verify(address);
    expect(status).toBe(401);
    expect(headers.get('ratelimit')).toMatch(/^"verify";r=3;t=(59|60)$/);
  });
});

describe('housekeeping', () => {
  it('deletes counts that are over and keeps the others', async () => {
    const inkwell = await startInkwell({ REDIS_URL: '' });
    try {
      const minute = 60_000;
      for (const [key, expire] of [
        ['over', Date.now() - minute],
        ['running', Date.now() + minute],
      ]) {
        await query(inkwell, 'INSERT INTO rate_limits VALUES ($1, 1, $2)', [key, expire]);
      }
      await inkwell.app.get(Housekeeping).sweep();
      expect(await query(inkwell, 'SELECT key FROM rate_limits')).toEqual([{ key: 'running' }]);
    } finally {
      await inkwell.close();
    }
  });
});

describe('X-Forwarded-For of a client that is no trusted proxy', () => {
  it('is not believed', async () => {
    const inkwell = await startInkwell({ REDIS_URL: '', RATE_LIMIT_VERIFY: '2' });
    try {
      const statuses: number[] = [];
      for (let round = 0; round < 3; round += 1) {
        const headers = { 'x-forwarded-for': newAddress() };
        statuses.push((await api(inkwell).get('/api/verify', undefined, headers)).status);
      }
      expect(statuses).toEqual([401, 401, 429]);
    } finally {
      await inkwell.close();
    }
  });
});
