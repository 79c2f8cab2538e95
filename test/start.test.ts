import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { written } from './blog/posts.js';
import { registerAndLogin } from './support/accounts.js';
import { api } from './support/api.js';
import { makeDataFolder, processesOf, ServerProcess, untilNoProcessOf } from './support/server-process.js';

/** For the first start, on an idle machine. */
const FIRST_START_MS = 10_000;
/** Each test starts processes, which take longer on a busy machine. */
jest.setTimeout(180_000);
/** How many processes want each core, by which shared work takes longer. */
const crowding = (): number => Math.max(1, loadavg()[0]! / availableParallelism());

/** A fast shutdown of PostgreSQL on a busy machine. */
const STOP_MS = 60_000;

const titles = async (url: string): Promise<string[]> =>
  (await api({ url }).get<{ title: string }[]>('/blog/api/posts?limit=100')).body.map(({ title }) => title);

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

function killAll(ids: readonly number[]): void {
  for (const id of ids) {
    try {
      process.kill(id, 'SIGKILL');
    } catch {
      // It ended by itself.
    }
  }
}

/** One line, for the person who started it. */
const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');

describe('node dist/main.js without a configuration', () => {
  const folder = makeDataFolder();
  const DATA_DIR = join(folder.path, 'data');
  let first: ServerProcess;
  let url: string;
  let startedMs: number;
  let allowedMs: number;

  beforeAll(async () => {
    const startedAt = performance.now();
    first = ServerProcess.start({ DATA_DIR });
    url = await first.address();
    // PostgreSQL has a second to answer, which it needs on a busy machine.
    while ((await api({ url }).get('/readyz')).status !== 200) await sleep(50);
    startedMs = performance.now() - startedAt;
    allowedMs = FIRST_START_MS * crowding();
  });
  afterAll(async () => {
    first.signal('SIGKILL');
    await first.ended();
    await untilNoProcessOf(folder.path, STOP_MS);
    folder.remove();
  });

  it('is ready within 10 s of its first start, with sample posts, and prints where', async () => {
    expect(startedMs).toBeLessThan(allowedMs);
    expect((await api({ url }).get('/readyz')).status).toBe(200);
    expect((await titles(url)).length).toBeGreaterThanOrEqual(18);
    expect(first.output).toContain(`Listens on         127.0.0.1:${new URL(url).port}\n`);
    expect(first.output).toContain(`Blog               ${url}/blog/`);
    expect(first.output).toContain(`API documentation  ${url}/docs`);
    expect(first.output).toContain(`Metrics            ${url}/metrics`);
  });

  it('refuses a second start on the same folder in one line, and is not disturbed', async () => {
    const second = ServerProcess.start({ DATA_DIR });
    expect(await second.ended()).toBe(1);
    expect(lines(second.output)).toEqual([
      expect.stringMatching(/data is in use by process \d+: stop it, or set DATA_DIR to another folder$/),
    ]);
    expect((await api({ url }).get('/readyz')).status).toBe(200);
    const third = ServerProcess.start({ DATA_DIR });
    expect(await third.ended()).toBe(1);
  });

  it('keeps its secrets from other users', () => {
    expect(readFileSync(join(DATA_DIR, 'auth-secret'), 'utf8').length).toBeGreaterThanOrEqual(32);
    for (const file of ['auth-secret', 'postgres.password', 'instance.json', 'postgres.log']) {
      expect([file, modeOf(join(DATA_DIR, file))]).toEqual([file, '600']);
    }
  });

  it('leaves no process after SIGINT, and exits with 0', async () => {
    await written({ url }, await registerAndLogin({ url }, 'ada'), { title: 'Kept' });
    expect(processesOf(DATA_DIR).length).toBeGreaterThan(1);
    first.signal('SIGINT');
    expect(await first.ended()).toBe(0);
    expect(processesOf(DATA_DIR)).toEqual([]);
    expect(existsSync(join(DATA_DIR, 'instance.json'))).toBe(false);
  });

  it('finds its data and its sessions when it is started again', async () => {
    first = ServerProcess.start({ DATA_DIR });
    url = await first.address();
    expect((await titles(url))[0]).toBe('Kept');
    expect((await titles(url)).filter((title) => title === 'Welcome to your blog')).toHaveLength(1);
  });

  it('stops its database when it is killed, and finds what was committed at the next start', async () => {
    const ada = await registerAndLogin({ url }, 'grace');
    await written({ url }, ada, { title: 'Committed' });
    first.signal('SIGKILL');
    await first.ended();
    await untilNoProcessOf(DATA_DIR, STOP_MS);

    first = ServerProcess.start({ DATA_DIR });
    url = await first.address();
    expect((await titles(url))[0]).toBe('Committed');
  });

  it('can be started again at once after it was killed, while its database is still stopping', async () => {
    first.signal('SIGKILL');
    await first.ended();
    first = ServerProcess.start({ DATA_DIR });
    url = await first.address();
    expect((await titles(url))[0]).toBe('Committed');
  });

  it('recovers after its database was killed with it', async () => {
    first.signal('SIGKILL');
    killAll(processesOf(DATA_DIR));
    await first.ended();
    await untilNoProcessOf(DATA_DIR, STOP_MS);
    first = ServerProcess.start({ DATA_DIR });
    url = await first.address();
    expect((await titles(url))[0]).toBe('Committed');
  });
});

describe('node dist/main.js that is stopped while it starts', () => {
  it.each([400, 800, 1_200, 1_600])('leaves no process when it is killed after %i ms', async (ms) => {
    const folder = makeDataFolder();
    const server = ServerProcess.start({ DATA_DIR: join(folder.path, 'data') });
    await sleep(ms);
    server.signal('SIGKILL');
    await server.ended();
    await untilNoProcessOf(folder.path, STOP_MS);
    expect(processesOf(folder.path)).toEqual([]);
    folder.remove();
  });

  it('makes its database anew over what a killed initdb left', async () => {
    const folder = makeDataFolder();
    mkdirSync(join(folder.path, 'initdb-1'));
    writeFileSync(join(folder.path, 'initdb-1', 'PG_VERSION'), '18');
    const server = ServerProcess.start({ DATA_DIR: folder.path, WELCOME: 'false' });
    expect(await titles(await server.address())).toEqual([]);
    expect(existsSync(join(folder.path, 'initdb-1'))).toBe(false);
    server.signal('SIGTERM');
    expect(await server.ended()).toBe(0);
    expect(processesOf(folder.path)).toEqual([]);
    folder.remove();
  });
});

describe('node dist/main.js with a wrong configuration', () => {
  it.each<[refusal: RegExp, environment: Record<string, string>]>([
    [/^Inkwell cannot start: PORT: /, { PORT: 'http' }],
    [/^Inkwell cannot start: AUTH_SECRET: /, { AUTH_SECRET: 'short' }],
    [
      /^Inkwell cannot start: DATABASE_URL and AUTH_SECRET must be set in production$/,
      { NODE_ENV: 'production' },
    ],
    [
      /^Inkwell cannot start: AUTH_SECRET must be set in production$/,
      { NODE_ENV: 'production', DATABASE_URL: 'postgres://u:p@127.0.0.1:1/x' },
    ],
    [
      /^Inkwell cannot start: PostgreSQL at 127.0.0.1:1 \(DATABASE_URL\): .*ECONNREFUSED/,
      { DATABASE_URL: 'postgres://u:p@127.0.0.1:1/x', STARTUP_DEADLINE_SECONDS: '0' },
    ],
  ])('exits with 1 and says %s', async (refusal, environment) => {
    const folder = makeDataFolder();
    const server = ServerProcess.start({ DATA_DIR: join(folder.path, 'data'), ...environment });
    expect(await server.ended()).toBe(1);
    expect(lines(server.output)).toEqual([expect.stringMatching(refusal)]);
    folder.remove();
  });

  it('says in one line that its port is taken, and leaves no process', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const folder = makeDataFolder();
    const PORT = String((other.address() as AddressInfo).port);
    const server = ServerProcess.start({ DATA_DIR: folder.path, PORT, WELCOME: 'false' });
    expect(await server.ended()).toBe(1);
    expect(lines(server.output)).toEqual([
      `Inkwell cannot start: port ${PORT} of 127.0.0.1 is in use: set PORT to another one`,
    ]);
    expect(processesOf(folder.path)).toEqual([]);
    other.close();
    folder.remove();
  });
});
