import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runInkwell } from '../support/run-inkwell.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';
import { query } from '../support/test-database.js';

let inkwell: Inkwell;
beforeAll(async () => {
  inkwell = await startInkwell();
});
afterAll(() => inkwell.close());

const PASSWORD = 'a password of 28 characters.';

const post = (path: string, body: object): Promise<Response> =>
  fetch(inkwell.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

async function register(username: string): Promise<void> {
  const { status } = await post('/api/register', {
    username,
    email: `${username}@example.com`,
    password: PASSWORD,
  });
  expect(status).toBe(201);
}

const login = (username: string, password: string): Promise<Response> =>
  post('/api/login', { username, password });

const run = (...words: string[]): ReturnType<typeof runInkwell> =>
  runInkwell(words, { DATABASE_URL: inkwell.databaseUrl });

describe('inkwell user create', () => {
  const create = (password: string, ...words: string[]): ReturnType<typeof runInkwell> =>
    runInkwell(['user', 'create', ...words], { DATABASE_URL: inkwell.databaseUrl }, password);
  const accounts = (): Promise<object[]> =>
    query(inkwell.databaseUrl, 'SELECT username, email, role FROM users ORDER BY id');

  it('makes an account that can log in at once, with the password from standard input', async () => {
    // The absence of the user is cached until the user exists.
    expect((await fetch(`${inkwell.url}/api/users/made`)).status).toBe(404);
    const options = ['--role', 'admin', '--email', 'Made@Example.ORG'];
    expect(await create(`${PASSWORD}\n`, 'made', ...options)).toEqual({
      code: 0,
      stdout: 'made can log in now, as admin\n',
      stderr: '',
    });
    expect((await fetch(`${inkwell.url}/api/users/made`)).status).toBe(200);
    expect((await login('made', PASSWORD)).status).toBe(200);
    expect(await accounts()).toContainEqual({ username: 'made', email: 'Made@example.org', role: 'admin' });
  });

  it.each([
    [
      'a name that is taken',
      PASSWORD,
      'taken',
      'Somebody has this user name or this e-mail address already.',
    ],
    [
      'a password that is guessed first',
      'password1',
      'weak',
      'The password is one of the commonest passwords',
    ],
    ['a short password', 'short', 'short-one', 'The password must have at least 8 characters'],
  ])('fails in one line for %s, and makes none', async (_, password, name, reason) => {
    if (name === 'taken') await register(name);
    const before = await accounts();
    const { code, stdout, stderr } = await create(password, name, '--role', 'author');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^[^\n]+\n$/);
    expect(stderr).toContain(reason);
    expect(await accounts()).toEqual(before);
  });
});

describe('inkwell user promote', () => {
  it('gives an account a role', async () => {
    await register('promoted');
    expect(await run('user', 'promote', 'promoted', '--role', 'admin')).toEqual({
      code: 0,
      stdout: 'promoted is admin now\n',
      stderr: '',
    });
    const rows = await query(inkwell.databaseUrl, `SELECT role FROM users WHERE username = 'promoted'`);
    expect(rows).toEqual([{ role: 'admin' }]);
  });

  it('makes an administrator unless told otherwise, and user list shows it', async () => {
    await register('first');
    expect((await run('user', 'promote', 'first')).stdout).toBe('first is admin now\n');
    const { code, stdout } = await run('user', 'list');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^promoted\tadmin\t\d{4}-\d\d-\d\d\nfirst\tadmin\t\d{4}-\d\d-\d\d\n/m);
  });

  it('fails in one line for a name that nobody has', async () => {
    const { code, stdout, stderr } = await run('user', 'promote', 'nobody-at-all', '--role', 'admin');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^[^\n]+\n$/);
  });
});

describe('inkwell user reset-password', () => {
  it('prints a new password, with which one can log in, and ends all sessions', async () => {
    await register('forgetful');
    const { token } = (await (await login('forgetful', PASSWORD)).json()) as { token: string };
    const { code, stdout, stderr } = await run('user', 'reset-password', 'forgetful');
    expect(code).toBe(0);
    expect(stderr).toBe('New password of forgetful (all sessions of the account have ended):\n');
    expect(stdout).toMatch(/^\S{20}\n$/);
    expect((await login('forgetful', PASSWORD)).status).toBe(401);
    expect((await login('forgetful', stdout.trim())).status).toBe(200);
    const verified = await fetch(`${inkwell.url}/api/verify`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(verified.status).toBe(401);
  });

  it('gives an imported author a first password', async () => {
    await query(inkwell.databaseUrl, `INSERT INTO users (username, role) VALUES ('imported', 'author')`);
    const { stdout } = await run('user', 'reset-password', 'imported');
    expect((await login('imported', stdout.trim())).status).toBe(200);
  });

  it('fails in one line for a name that nobody has', async () => {
    const { code, stdout, stderr } = await run('user', 'reset-password', 'nobody-at-all');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^[^\n]+\n$/);
  });
});
