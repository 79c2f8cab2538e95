import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runInkwell } from '../support/run-inkwell.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';
import { query } from '../support/stored-posts.js';

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
    expect(stderr).toBe('New password of forgetful; all sessions of the account have ended:\n');
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
