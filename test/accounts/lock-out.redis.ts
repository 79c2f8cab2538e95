import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomInt } from 'node:crypto';
import { PASSWORD } from '../support/accounts.js';
import { api, type ApiResponse, type Json } from '../support/api.js';
import { query } from '../support/database.js';
import { untilRedisAnswers } from '../support/redis.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';

const GUESS = 'a wrong guess';
const newName = (): string => `u${randomInt(1e9)}`;
const newAddress = (): string => `10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}`;

interface From {
  readonly address?: string;
  readonly cookie?: string | undefined;
  readonly proto?: string;
}

describe.each([
  ['with Redis', {}],
  ['without Redis', { REDIS_URL: '' }],
])('wrong passwords, counted %s', (_, environment) => {
  let inkwell: Inkwell;
  beforeAll(async () => {
    inkwell = await startInkwell({
      RATE_LIMIT_LOGIN: '3',
      TRUSTED_PROXIES: '127.0.0.1',
      ...environment,
    });
    await untilRedisAnswers(inkwell);
  });
  afterAll(() => inkwell.close());

  const headersOf = ({ address = newAddress(), cookie, proto = 'http' }: From): Record<string, string> => ({
    'x-forwarded-for': address,
    'x-forwarded-proto': proto,
    ...(cookie === undefined ? {} : { cookie }),
  });
  const login = (username: string, password: string, from: From = {}): Promise<ApiResponse<Json>> =>
    api(inkwell).post('/api/login', { username, password }, undefined, headersOf(from));
  const register = async (username = newName()): Promise<string> => {
    const body = { username, email: `${username}@example.org`, password: PASSWORD };
    await api(inkwell).post('/api/register', body, undefined, headersOf({}));
    return username;
  };
  const cookieOf = ({ headers }: ApiResponse<Json>): string => headers.get('set-cookie')!.split(';', 1)[0]!;
  const guess = async (username: string, times: number, from?: From): Promise<number[]> => {
    const seen: number[] = [];
    for (let round = 0; round < times; round += 1)
      seen.push((await login(username, GUESS, from ?? {})).status);
    return seen;
  };
  /** Repeats until strangers, each from a network of its own, have used up the account's own quota. */
  const attack = async (username: string): Promise<void> => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => login(username, GUESS)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 12 }, () => 401));
    expect((await login(username, GUESS)).status).toBe(429);
  };

  it('of a name that nobody has are limited in the same way', async () => {
    const name = newName();
    await attack(name);
    const { status, headers } = await login(name, GUESS);
    expect([status, headers.get('ratelimit-policy')]).toEqual([429, '"login-account-15m";q=12;w=900']);
  });

  it('do not keep the right password out that comes from another network', async () => {
    const name = await register();
    await guess(name, 4, { address: newAddress() });
    expect((await login(name, PASSWORD)).status).toBe(200);
  });

  it('from many networks use up the slower quota of the account, whose wait is longer, also for the right password', async () => {
    const name = await register();
    await attack(name);
    const { status, headers } = await login(name, PASSWORD);
    expect(status).toBe(429);
    expect(headers.get('ratelimit-policy')).toBe('"login-account-15m";q=12;w=900');
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(800);
  });

  it('of strangers do not keep out a browser that has logged in before, from wherever it comes', async () => {
    const name = await register();
    const cookie = cookieOf(await login(name, PASSWORD));
    await attack(name);
    expect((await login(name, PASSWORD, { cookie })).status).toBe(200);
    expect((await login(name, PASSWORD)).status).toBe(429);
  });

  it('of strangers do not keep out a client without cookies whose network had a session in the last 30 days', async () => {
    const [name, home] = [await register(), newAddress()];
    await login(name, PASSWORD, { address: home });
    await attack(name);
    expect((await login(name, PASSWORD, { address: home })).status).toBe(200);
    const sql = `UPDATE known_networks SET seen_at = seen_at - interval '31 days'
      WHERE user_id = (SELECT id FROM users WHERE username = $1)`;
    await query(inkwell, sql, [name]);
    expect((await login(name, PASSWORD, { address: home })).status).toBe(429);
  });

  it('of strangers do not refuse the owner’s password change, and the owner’s own are limited by session', async () => {
    const name = await register();
    const token = (await login(name, PASSWORD)).body['token'] as string;
    await attack(name);
    const change = (current: string, password: string, token_ = token) =>
      api(inkwell).patch(
        `/api/users/${name}`,
        { password, current_password: current },
        token_,
        headersOf({}),
      );
    expect((await change(PASSWORD, 'a loud red bottle')).status).toBe(200);
    const wrong: number[] = [];
    for (let round = 0; round < 4; round += 1) wrong.push((await change(GUESS, PASSWORD)).status);
    expect(wrong).toEqual([403, 403, 403, 429]);
  });

  it('by a known browser are limited for it alone', async () => {
    const name = await register();
    const cookie = cookieOf(await login(name, PASSWORD));
    expect(await guess(name, 4, { cookie })).toEqual([401, 401, 401, 429]);
    expect((await login(name, PASSWORD)).status).toBe(200);
  });

  it('are not counted by a cookie that is forged, or of another account', async () => {
    const [name, other] = [await register(), await register()];
    const theirs = cookieOf(await login(other, PASSWORD));
    const forged = theirs.replace(/.$/, (last) => (last === 'A' ? 'E' : 'A'));
    await attack(name);
    for (const cookie of [theirs, forged, 'inkwell_device=1.2.3', `x=1; ${theirs}`]) {
      expect((await login(name, PASSWORD, { cookie })).status).toBe(429);
    }
  });

  it('leave one browser known to each of those who share it', async () => {
    const [name, other] = [await register(), await register()];
    const first = cookieOf(await login(name, PASSWORD));
    const cookie = cookieOf(await login(other, PASSWORD, { cookie: first }));
    await attack(name);
    expect((await login(name, PASSWORD, { cookie })).status).toBe(200);
  });

  it('do not count what succeeds', async () => {
    const name = await register();
    expect(await guess(name, 11)).toEqual(Array.from({ length: 11 }, () => 401));
    for (let round = 0; round < 3; round += 1) expect((await login(name, PASSWORD)).status).toBe(200);
    expect((await login(name, GUESS)).status).toBe(401);
    expect((await login(name, GUESS)).status).toBe(429);
  });
});

describe('the device cookie', () => {
  let inkwell: Inkwell;
  beforeAll(async () => {
    inkwell = await startInkwell({ TRUSTED_PROXIES: '127.0.0.1' });
  });
  afterAll(() => inkwell.close());

  it.each([
    ['http', ''],
    ['https', '; Secure'],
  ])(
    'over %s is for scripts and other sites out of reach, and on no answer that a cache may keep',
    async (proto, secure) => {
      const username = newName();
      const body = { username, email: `${username}@example.org`, password: PASSWORD };
      await api(inkwell).post('/api/register', body);
      const headers = { 'x-forwarded-for': newAddress(), 'x-forwarded-proto': proto };
      const answer = await api(inkwell).post(
        '/api/login',
        { username, password: PASSWORD },
        undefined,
        headers,
      );
      expect(answer.headers.get('set-cookie')).toMatch(
        new RegExp(
          `^inkwell_device=[\\w-]{22}\\.\\d+-\\d+\\.[\\w-]{43}; Path=/api/login; Max-Age=2592000; HttpOnly; SameSite=Strict${secure}$`,
        ),
      );
      expect(answer.headers.get('cache-control')).toBe('no-store');
      const failed = await api(inkwell).post('/api/login', { username, password: GUESS }, undefined, headers);
      expect([failed.status, failed.headers.get('set-cookie')]).toEqual([401, null]);
    },
  );
});
