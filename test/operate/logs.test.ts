import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { PASSWORD, registerAndLogin } from '../support/accounts.js';
import { api } from '../support/api.js';
import { redisUrl } from '../support/start-inkwell.js';
import { untilHits } from '../support/hits.js';
import { makeDataFolder, ServerProcess } from '../support/server-process.js';
import { createTestDatabase, query } from '../support/test-database.js';
import { ask } from '../support/wire.js';

const SIGNING_KEY = 'the-signing-key-that-no-log-may-show-0123456789';
const WRONG_PASSWORD = 'a wrong password nobody has';
const NEW_PASSWORD = 'a second quiet green kettle';
const IDEMPOTENCY_KEY = 'idempotency-key-of-the-logs-test';
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const EMAIL = 'ada.lovelace@example.org';

interface Line {
  readonly level: string;
  readonly time: string;
  readonly msg: string;
  readonly [member: string]: unknown;
}

const parsed = (output: string): Line[] =>
  output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);

describe('the log of node dist/main.js in production', () => {
  let database: { url: string; drop: () => Promise<void> };
  let server: ServerProcess;
  let url: string;
  /** Values sent to the server or by it that must stay secret. */
  const secrets: string[] = [PASSWORD, WRONG_PASSWORD, NEW_PASSWORD, SIGNING_KEY, IDEMPOTENCY_KEY, EMAIL];

  beforeAll(async () => {
    database = await createTestDatabase();
    secrets.push(new URL(database.url).password);
    server = ServerProcess.start({
      NODE_ENV: 'production',
      LOG_LEVEL: 'debug',
      DATABASE_URL: database.url,
      REDIS_URL: redisUrl(),
      AUTH_SECRET: SIGNING_KEY,
    });
    url = await server.address();
  });
  afterAll(async () => {
    server.signal('SIGKILL');
    await server.ended();
    await database.drop();
  });

  const lines = (): Line[] => parsed(server.output);
  /** The log lines of one request, which are written in the background. */
  async function linesOf(requestId: string): Promise<Line[]> {
    for (const deadline = Date.now() + 20_000; Date.now() < deadline;) {
      const found = lines().filter((line) => line['request_id'] === requestId);
      if (found.some(({ msg }) => msg === 'request')) return found;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`No line of ${requestId} within 20 s`);
  }

  it('has one line for a request: route and not path, status, duration, request id and trace id', async () => {
    const traceparent = `00-${TRACE}-00f067aa0ba902b7-01`;
    await api({ url }).get('/blog/api/posts/17?token=abc', undefined, { 'x-request-id': 'one', traceparent });
    await api({ url }).get('/nowhere/at/all', undefined, { 'x-request-id': 'two' });
    expect(await linesOf('one')).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        pid: expect.any(Number),
        request_id: 'one',
        trace_id: TRACE,
        method: 'GET',
        route: '/blog/api/posts/:id',
        status: 400,
        duration_ms: expect.any(Number),
        msg: 'request',
      },
    ]);
    expect(await linesOf('two')).toMatchObject([{ route: 'unmatched', status: 404 }]);
  });

  it('has no line for a hit at the front door, and one for debugging for a probe', async () => {
    // The router may answer the first hit; the front door learns from that.
    let asked = 0;
    const { headers } = await untilHits(
      () =>
        ask({ url }, '/blog/api/categories', {
          'accept-encoding': 'identity',
          'x-request-id': `read-${(asked += 1)}`,
        }),
      2,
    );
    expect(headers['x-request-id']).toBe(`read-${asked}`);
    await ask({ url }, '/livez', { 'x-request-id': 'probe' });
    expect(await linesOf('probe')).toMatchObject([{ level: 'debug' }]);
    expect(lines().filter((line) => line['request_id'] === `read-${asked}`)).toEqual([]);
  });

  it('shows no secret of a session from its beginning to its end', async () => {
    const { post, get, patch } = api({ url });
    await post('/api/register', { username: 'ada', email: EMAIL, password: PASSWORD });
    await post('/api/register', { username: 'ada2', email: EMAIL, password: PASSWORD });
    await post('/api/login', { username: 'ada', password: WRONG_PASSWORD });
    await post('/api/login', `{"username":"ada","password":"${PASSWORD}",}`);
    const { body } = await post('/api/login', { username: 'ada', password: PASSWORD });
    const [token, refreshToken] = [body['token'] as string, body['refresh_token'] as string];
    secrets.push(token, refreshToken);
    const key = { 'idempotency-key': IDEMPOTENCY_KEY };
    await post('/blog/api/posts', { title: 'Logged', content: 'Not.', category_name: 'Logs' }, token, key);
    await post('/blog/api/posts', { title: 'Other', content: 'Not.', category_name: 'Logs' }, token, key);
    await get(`/api/verify?token=${token}`, token);
    await get(`/api/users/${EMAIL}`);
    await get('/api/users/me', `${token}x`);
    await patch('/api/users/ada', { password: NEW_PASSWORD, current_password: PASSWORD }, token);
    const refreshed = await post('/api/refresh', { refresh_token: refreshToken });
    secrets.push(refreshed.body['token'] as string, refreshed.body['refresh_token'] as string);
    await post('/api/logout', undefined, refreshed.body['token'] as string, { 'x-request-id': 'last' });
    expect(refreshed.status).toBe(200);
    await linesOf('last');
    for (const secret of secrets) expect(server.output).not.toContain(secret);
  });

  it('says what failed when the server did, and still no secret', async () => {
    await query(database.url, 'ALTER TABLE users RENAME COLUMN email TO mail');
    const body = { username: 'grace', email: `grace.${EMAIL}`, password: PASSWORD };
    const { status } = await api({ url }).post('/api/register', body, undefined, { 'x-request-id': 'fails' });
    await query(database.url, 'ALTER TABLE users RENAME COLUMN mail TO email');
    expect(status).toBe(500);
    const [failure] = (await linesOf('fails')).filter(({ level }) => level === 'error');
    expect(failure).toMatchObject({
      context: 'Request',
      route: '/api/register',
      status: 500,
      msg: expect.stringContaining('email'),
    });
    expect(failure?.['error']).toMatchObject({ stack: expect.stringContaining('    at ') });
    for (const secret of secrets) expect(server.output).not.toContain(secret);
  });

  it('cannot be forged by what clients send', async () => {
    const forged = '{"level":"fatal","msg":"forged"}';
    const before = lines().length;
    const headers = { 'x-request-id': 'forging', 'user-agent': `x ${forged}`, traceparent: forged };
    await ask({ url }, `/blog/api/posts/%0A${encodeURIComponent(forged)}%1B%5B2J`, headers);
    await ask({ url }, `/blog/api/posts?q=%0D%0A${encodeURIComponent(forged)}`, headers);
    const title = `\n${forged}\n\u001b[2J`;
    await api({ url }).post('/api/login', { username: title, password: title }, undefined, {
      'x-request-id': `a\t${forged}`,
    });
    await ask({ url }, '/livez', { 'x-request-id': 'after' });
    await linesOf('after');
    expect(
      lines()
        .slice(before)
        .map(({ msg }) => msg),
    ).toEqual(['request', 'request', 'Login refused', 'request', 'request']);
    expect(server.output).not.toContain('forged');
    expect(server.output).not.toContain('\u001b');
  });

  it('cannot be forged by what a dependency prints of a post, on the event loop or on a thread', async () => {
    const forged = '{"level":"fatal","time":"2026-11-29T00:00:00.000Z","pid":1,"msg":"forged"}';
    const { token } = await registerAndLogin({ url }, 'mallory');
    const image = (mark: string): string => `<img srcset='${mark} 1x 2y,\n${forged}\n 3z'>`;
    const texts = { short: image('short'), long: `${image('long')}\n\n${'word '.repeat(1_000)}` };
    for (const content of Object.values(texts)) {
      const body = { title: 'Forged', content, status: 'draft' };
      expect((await api({ url }).post('/blog/api/posts', body, token)).status).toBe(201);
    }
    const printed = (mark: string): Line | undefined =>
      lines().find(({ msg }) => msg.startsWith('Invalid srcset') && msg.includes(mark));
    while (printed('short') === undefined || printed('long') === undefined) await sleep(20);
    expect(printed('short')).toMatchObject({ level: 'debug', context: 'Output' });
    expect(lines().filter(({ msg }) => msg === 'forged')).toEqual([]);
  });

  it('tells of the stop, and ends with a whole line', async () => {
    server.signal('SIGTERM');
    expect(await server.ended()).toBe(0);
    // A thread may still print what the test before made it print.
    const own = lines().filter(({ context }) => context !== 'Output');
    expect(own.slice(-2).map(({ msg }) => msg)).toEqual(['Stopping: draining for 0 s', 'Stopped']);
    expect(server.output).toMatch(/\}\n$/);
  });
});

describe('the log of node dist/main.js in development', () => {
  it('says what takes a while, in lines for people', async () => {
    const folder = makeDataFolder();
    const server = ServerProcess.start({ DATA_DIR: folder.path, WELCOME: 'false' });
    await server.address();
    server.signal('SIGTERM');
    expect(await server.ended()).toBe(0);
    folder.remove();
    const said = server.output.replace(/^\d\d:\d\d:\d\d /gm, '').replaceAll(folder.path, 'FOLDER');
    expect(said).toMatch(/^info {2}\[Database\] Creating a PostgreSQL database in FOLDER\n/);
    expect(said).toMatch(/\ninfo {2}\[Inkwell\] Blog +http:\S+\/blog\/\n/);
  });
});
