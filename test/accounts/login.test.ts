import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ServiceUnavailable } from '../../src/platform/errors/service-unavailable.js';
import { PasswordHasher } from '../../src/platform/passwords/password-hasher.js';
import { type Account, login, PASSWORD, register, registerAndLogin } from '../support/accounts.js';
import { api } from '../support/documented-api.js';
import { meeting, outboxOf, query } from '../support/database.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';

let inkwell: Inkwell;
let ada: Account;
beforeAll(async () => {
  inkwell = await startInkwell();
  ada = await registerAndLogin(inkwell, 'ada');
});
afterAll(() => inkwell.close());

const post = (body: unknown) => api(inkwell).post('/api/login', body);
const sessionsOf = (username: string) =>
  query<{ id: string; user_agent: string }>(
    inkwell,
    'SELECT s.* FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.username = $1',
    [username],
  );

describe('POST /api/login', () => {
  it('answers with an access token of ten minutes and a refresh token', async () => {
    const { status, headers, body } = await post({ username: 'ada', password: PASSWORD });
    expect(status).toBe(200);
    expect(body).toEqual({
      status: 'success',
      token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      token_type: 'Bearer',
      expires_in: 600,
      refresh_token: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('finds the name in any case, and with spaces around it', async () => {
    expect((await post({ username: ' ADA ', password: PASSWORD })).status).toBe(200);
  });

  it('opens a session of its own each time, and remembers what the client calls itself', async () => {
    await register(inkwell, 'bea');
    await login(inkwell, 'bea', PASSWORD, { 'user-agent': 'One/1.0' });
    await login(inkwell, 'bea', PASSWORD, { 'user-agent': `Two/${'2'.repeat(300)}` });
    const agents = (await sessionsOf('bea')).map((session) => session.user_agent).sort();
    expect(agents).toEqual(['One/1.0', `Two/${'2'.repeat(196)}`]);
  });

  it('keeps hashes of tokens only', async () => {
    const { token, refreshToken } = await login(inkwell, 'ada');
    const rows = await query<{ row: string }>(
      inkwell,
      `SELECT t::text AS row FROM refresh_tokens t UNION ALL SELECT s::text FROM sessions s`,
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const { row } of rows) {
      expect(row).not.toContain(refreshToken);
      expect(row).not.toContain(Buffer.from(refreshToken).toString('hex'));
      expect(row).not.toContain(token);
    }
  });

  it('refuses an unknown name, a wrong password and an account without one with the same 401', async () => {
    await query(inkwell, `INSERT INTO users (username, role) VALUES ('imported', 'author')`);
    const answers = await Promise.all([
      post({ username: 'nobody', password: PASSWORD }),
      post({ username: 'ada', password: 'a quiet green bottle' }),
      post({ username: 'imported', password: PASSWORD }),
      post({ username: 'no such name!', password: PASSWORD }),
    ]);
    const seen = answers.map(({ status, headers, body }) => ({
      status,
      names: [...headers.keys()],
      challenge: headers.get('www-authenticate'),
      body: { ...body, request_id: '' },
    }));
    expect(seen[0]).toMatchObject({
      status: 401,
      challenge: 'Bearer realm="inkwell"',
      body: { code: 'auth.invalid_credentials' },
    });
    expect(seen.slice(1)).toEqual([seen[0], seen[0], seen[0]]);
    expect(await sessionsOf('imported')).toEqual([]);
  });

  it.each([
    ['no password', { username: 'ada' }],
    ['an empty name', { username: ' ', password: PASSWORD }],
    ['an unknown member', { username: 'ada', password: PASSWORD, remember: true }],
    ['a password of 129 characters', { username: 'ada', password: 'x'.repeat(129) }],
    ['a name of 101 characters', { username: 'x'.repeat(101), password: PASSWORD }],
    ['a list as its name', { username: ['ada'], password: PASSWORD }],
  ])('refuses a body with %s with 400', async (_, body) => {
    expect((await post(body)).status).toBe(400);
  });

  it('answers 503 with Retry-After while too many passwords wait, and counts that as no failure', async () => {
    const busy = await startInkwell({
      LOG_LEVEL: 'fatal',
      REDIS_URL: '',
      RATE_LIMIT_LOGIN: '1',
      TRUSTED_PROXIES: '127.0.0.1',
    });
    const from = (address: string) => ({ 'x-forwarded-for': address });
    const attempt = (address: string) =>
      api(busy).post('/api/login', { username: 'ada', password: PASSWORD }, undefined, from(address));
    try {
      await register(busy, 'ada');
      // The hasher's own tests show that its queue is bounded.
      const full = new ServiceUnavailable('Too many passwords are being checked.', 1);
      jest.spyOn(busy.app.get(PasswordHasher, { strict: false }), 'matches').mockRejectedValueOnce(full);
      const { status, headers, body } = await attempt('192.0.2.1');
      expect([status, body['code'], headers.get('retry-after')]).toEqual([503, 'service.unavailable', '1']);
      expect((await attempt('192.0.2.2')).status).toBe(200);
    } finally {
      await busy.close();
    }
  });

  it('makes no outbox row, whether it succeeds or not', async () => {
    expect(await outboxOf(inkwell, () => login(inkwell, 'ada'))).toEqual([]);
    const refusal = await outboxOf(inkwell, () =>
      post({ username: 'ada', password: 'a quiet green bottle' }),
    );
    expect(refusal).toEqual([]);
  });

  it('opens no session for a password that is being changed at the same moment', async () => {
    const { id } = await registerAndLogin(inkwell, 'racer');
    const change = `UPDATE users SET password_hash = 'another' WHERE id = $1`;
    const [answer] = await meeting(inkwell, change, [id], () => [
      post({ username: 'racer', password: PASSWORD }),
    ]);
    expect([answer?.status, answer?.body['code']]).toEqual([401, 'auth.invalid_credentials']);
    expect(await sessionsOf('racer')).toHaveLength(1);
  });

  it('opens sessions that a password change of the same moment ends, or none', async () => {
    for (let round = 0; round < 5; round += 1) {
      const name = `sprinter${round}`;
      const account = await registerAndLogin(inkwell, name);
      const change = { password: 'a loud red kettle', current_password: PASSWORD };
      const [changed, ...logins] = await Promise.all([
        api(inkwell).patch(`/api/users/${account.id}`, change, account.token),
        ...Array.from({ length: 4 }, () => post({ username: name, password: PASSWORD })),
      ]);
      expect(changed.status).toBe(200);
      const tokens = logins.map(({ body }) => body['token']).filter((token) => typeof token === 'string');
      const after = await Promise.all(tokens.map((token) => api(inkwell).get('/api/users/me', token)));
      expect(after.map(({ status }) => status)).toEqual(tokens.map(() => 401));
    }
  });
});

describe('GET /api/verify', () => {
  it('says whose the token is and when it ends', async () => {
    const { status, body } = await api(inkwell).get('/api/verify', ada.token);
    const payload = JSON.parse(Buffer.from(ada.token.split('.')[1]!, 'base64url').toString()) as {
      exp: number;
    };
    expect(status).toBe(200);
    expect(body).toEqual({
      status: 'success',
      data: { user_id: ada.id, username: 'ada', exp: payload.exp },
    });
  });

  it('refuses no token with 401 and a challenge', async () => {
    const { status, headers, body } = await api(inkwell).get('/api/verify');
    expect(status).toBe(401);
    expect(body).toMatchObject({ code: 'auth.required' });
    expect(headers.get('www-authenticate')).toBe('Bearer realm="inkwell"');
  });
});

/** Changes one of the three parts of a token. */
const withPart = (token: string, index: number, part: object | string): string =>
  token
    .split('.')
    .map((old, at) =>
      at !== index
        ? old
        : typeof part === 'string'
          ? part
          : Buffer.from(JSON.stringify(part)).toString('base64url'),
    )
    .join('.');

const part = (token: string, index: number): object =>
  JSON.parse(Buffer.from(token.split('.')[index]!, 'base64url').toString()) as object;

describe('any route, with credentials', () => {
  const paths = ['/api/users/me', '/api/users/ada'];

  it.each<[string, () => string]>([
    ['another scheme', () => `Basic ${Buffer.from(`ada:${PASSWORD}`).toString('base64')}`],
    ['no scheme', () => ada.token],
    ['no token', () => 'Bearer'],
    ['two tokens', () => `Bearer ${ada.token} ${ada.token}`],
    ['nonsense', () => 'Bearer abc.def.ghi'],
    ['a cut token', () => `Bearer ${ada.token.slice(0, -5)}`],
    ['another subject', () => `Bearer ${withPart(ada.token, 1, { ...part(ada.token, 1), sub: '2' })}`],
    [
      '`alg: none`',
      () => `Bearer ${withPart(withPart(ada.token, 0, { ...part(ada.token, 0), alg: 'none' }), 2, '')}`,
    ],
    ['an empty value', () => ''],
  ])('refuses %s with 401, on public routes too', async (_, authorization) => {
    for (const path of paths) {
      const { status, headers, body } = await api(inkwell).get(path, undefined, {
        authorization: authorization(),
      });
      expect(status).toBe(401);
      expect(body).toMatchObject({ code: 'auth.invalid_token' });
      expect(headers.get('www-authenticate')).toBe('Bearer realm="inkwell", error="invalid_token"');
    }
  });

  it('takes the scheme in any case', async () => {
    const { status } = await api(inkwell).get('/api/users/me', undefined, {
      authorization: `bEARER ${ada.token}`,
    });
    expect(status).toBe(200);
  });

  it('answers a public route to whoever shows a valid token, privately', async () => {
    const { status, headers } = await api(inkwell).get('/api/users/ada', ada.token);
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('private, no-store');
  });

  it('takes tokens of an older key of the ring, and no others', async () => {
    const [older, newer] = ['an older secret of more than 32 bytes', 'a newer secret of more than 32 bytes'];
    const before = await startInkwell({ AUTH_SECRET: older });
    const account = await registerAndLogin(before, 'ada');
    const onSameDatabase = { DATABASE_URL: before.databaseUrl };
    const both = await startInkwell({ ...onSameDatabase, AUTH_SECRET: `${newer},${older}` });
    const after = await startInkwell({ ...onSameDatabase, AUTH_SECRET: newer });
    try {
      const statusOn = async (instance: Inkwell): Promise<number> =>
        (await api(instance).get('/api/users/me', account.token)).status;
      expect([await statusOn(both), await statusOn(after)]).toEqual([200, 401]);
      const renewed = await api(both).post('/api/refresh', { refresh_token: account.refreshToken });
      const { status } = await api(after).get('/api/users/me', renewed.body['token'] as string);
      expect([renewed.status, status]).toEqual([200, 200]);
    } finally {
      await Promise.all([both.close(), after.close()]);
      await before.close();
    }
  });
});
