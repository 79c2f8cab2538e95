import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { PasswordHasher } from '../../src/platform/passwords/password-hasher.js';
import { login, PASSWORD, registerAndLogin } from '../support/accounts.js';
import { api } from '../support/documented-api.js';
import { outboxOf, query } from '../support/database.js';
import { runInkwell } from '../support/run-inkwell.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';

let inkwell: Inkwell;
beforeAll(async () => {
  inkwell = await startInkwell();
});
afterAll(() => inkwell.close());

const registration = (username: string, changes: object = {}): object => ({
  username,
  email: `${username}@example.org`,
  password: PASSWORD,
  ...changes,
});
const post = (body: unknown) => api(inkwell).post('/api/register', body);
const usersNamed = (username: string) =>
  query<{ password_hash: string; role: string; email: string }>(
    inkwell,
    'SELECT * FROM users WHERE username = $1',
    [username],
  );

describe('POST /api/register', () => {
  it('makes an account and tells what it made, never the password', async () => {
    const { status, headers, body } = await post(registration('ada'));
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.any(Number),
      username: 'ada',
      email: 'ada@example.org',
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('keeps an argon2id hash, not the password, and gives the default role', async () => {
    await post(registration('bea'));
    const [user] = await usersNamed('bea');
    expect(user?.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(user?.role).toBe('author');
  });

  it('trims the e-mail address and writes its host in lower case', async () => {
    const { body } = await post(registration('cleo', { email: '  Cleo.P@Example.ORG ' }));
    expect(body['email']).toBe('Cleo.P@example.org');
  });

  it('refuses a name that is taken with 409 and changes nothing', async () => {
    await post(registration('dora'));
    const [before] = await usersNamed('dora');
    const { status, body } = await post(registration('dora', { email: 'other@example.org' }));
    expect(status).toBe(409);
    expect(body).toMatchObject({ code: 'user.taken', status: 409, instance: '/api/register' });
    expect(await usersNamed('dora')).toEqual([before]);
  });

  it('refuses an e-mail address that is taken, in any case, with the same answer', async () => {
    await post(registration('edda'));
    const taken = await post(registration('edda2', { email: 'EDDA@EXAMPLE.ORG' }));
    const name = await post(registration('edda', { email: 'free@example.org' }));
    expect([taken.status, name.status]).toEqual([409, 409]);
    expect({ ...taken.body, request_id: '' }).toEqual({ ...name.body, request_id: '' });
    expect(await usersNamed('edda2')).toEqual([]);
  });

  it('answers two registrations of one name at the same moment with one 201 and one 409', async () => {
    for (let round = 0; round < 5; round += 1) {
      const name = `twin${round}`;
      const answers = await Promise.all([
        post(registration(name, { email: `a${round}@example.org` })),
        post(registration(name, { email: `b${round}@example.org` })),
      ]);
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
      expect(await usersNamed(name)).toHaveLength(1);
    }
  });

  it('answers two registrations of one e-mail address at the same moment with one 201 and one 409', async () => {
    const answers = await Promise.all([
      post(registration('left', { email: 'same@example.org' })),
      post(registration('right', { email: 'SAME@example.org' })),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
  });

  it.each([
    'ab',
    `a${'b'.repeat(30)}`,
    'Ada',
    '1ada',
    'ada lovelace',
    'ada.l',
    'adä',
    '',
    '   ',
    'admin',
    'deleted',
  ])('refuses the name "%s" with 400', async (username) => {
    const { status, body } = await post(registration('x', { username, email: 'x@example.org' }));
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'request.invalid', errors: [{ pointer: '/username' }] });
    expect(await usersNamed(username)).toEqual([]);
  });

  it.each(['', 'ada', 'ada@', '@example.org', 'a b@example.org', 'a@b', `${'a'.repeat(250)}@example.org`])(
    'refuses the e-mail address "%s" with 400',
    async (email) => {
      const { status, body } = await post(registration('fay', { email }));
      expect(status).toBe(400);
      expect(body).toMatchObject({ errors: [{ pointer: '/email' }] });
    },
  );

  it.each([
    ...['short-7', 'x'.repeat(129), 'password', 'Sunshine', 'qwertyuiop', 'ｐａｓｓｗｏｒｄ'],
    ...[' '.repeat(8), 'gilgil123', 'gil@example.org'],
  ])('refuses the password "%s" with 400', async (password) => {
    const { status, body } = await post(registration('gil', { password }));
    expect(status).toBe(400);
    expect(body).toMatchObject({ errors: [{ pointer: '/password' }] });
  });

  it.each([
    ['an unknown member', { role: 'admin' }],
    ['a number as its name', { username: 7 }],
    ['no password', { password: undefined }],
    ['null as its e-mail address', { email: null }],
    ['an object as its password', { password: { length: 10 } }],
    ['a NUL in its password', { password: 'a quiet\0green kettle' }],
    ['a lone surrogate in its password', { password: 'a quiet \ud800 kettle' }],
  ])('refuses a body with %s with 400', async (_, changes) => {
    const { status, headers } = await post(registration('hal', changes));
    expect(status).toBe(400);
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(await usersNamed('hal')).toEqual([]);
  });

  it.each(['', '[]', '"text"', 'null', '{', '{"__proto__":{"role":"admin"}}'])(
    'refuses the body %s with 400',
    async (body) => expect((await post(body)).status).toBe(400),
  );

  it('records that the name and the number are somebody from now on', async () => {
    const rows = await outboxOf(inkwell, () => post(registration('iris')));
    const [{ id }] = (await query<{ id: number }>(
      inkwell,
      `SELECT id FROM users WHERE username = 'iris'`,
    )) as [{ id: number }];
    expect(rows).toEqual([
      {
        event: 'user.registered',
        tags: [`user:${id}`, 'username:iris', 'users'],
        payload: { id, username: 'iris' },
      },
    ]);
  });

  it('records nothing when it refuses', async () => {
    expect(await outboxOf(inkwell, () => post(registration('iris')))).toEqual([]);
  });
});

describe('POST /api/register in production', () => {
  const PRODUCTION = { NODE_ENV: 'production' };

  it('is refused with 403 whatever is sent, before a password is hashed, and changes nothing', async () => {
    const closed = await startInkwell(PRODUCTION);
    const hashing = jest.spyOn(closed.app.get(PasswordHasher, { strict: false }), 'hash');
    try {
      const rows = await outboxOf(closed, async () => {
        for (const body of [registration('joan'), { username: 'joan' }]) {
          const answer = await api(closed).post('/api/register', body);
          expect([answer.status, answer.body['code']]).toEqual([403, 'registration.closed']);
        }
      });
      expect([rows, await query(closed, 'SELECT 1 FROM users')]).toEqual([[], []]);
      expect(hashing).not.toHaveBeenCalled();
    } finally {
      hashing.mockRestore();
      await closed.close();
    }
  });

  it('makes readers where it is opened, who log in and cannot write', async () => {
    const open = await startInkwell({ ...PRODUCTION, REGISTRATION: 'open' });
    try {
      const joan = await registerAndLogin(open, 'joan');
      const post = { title: 'By a reader', content: 'Text' };
      const { status, body } = await api(open).post('/blog/api/posts', post, joan.token);
      expect([status, body['code']]).toEqual([403, 'auth.forbidden']);
      expect(await query(open, 'SELECT 1 FROM posts')).toEqual([]);
    } finally {
      await open.close();
    }
  });

  it('is not needed: who runs the server makes the first administrator, who logs in and writes', async () => {
    const closed = await startInkwell(PRODUCTION);
    try {
      const words = ['user', 'create', 'first', '--role', 'admin'];
      const environment = {
        NODE_ENV: 'production',
        DATABASE_URL: closed.databaseUrl,
        AUTH_SECRET: 'the-signing-key-of-the-tests-0123456789',
      };
      expect(await runInkwell(words, environment, PASSWORD)).toMatchObject({ code: 0, stderr: '' });
      const { token } = await login(closed, 'first');
      const post = { title: 'By the first', content: 'Text' };
      expect((await api(closed).post('/blog/api/posts', post, token)).status).toBe(201);
    } finally {
      await closed.close();
    }
  });
});
