import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { OperatorTokens } from '../../src/auth/operator-tokens.js';
import { Config } from '../../src/config.js';
import type { CacheExplanation } from '../../src/platform/responses/inspect/cache.schemas.js';
import { findInstance } from '../../src/platform/database/embedded/instance-lock.js';
import { findDevelopmentSecret } from '../../src/platform/secrets/development-secret.js';
import { until } from '../cache/operators.js';
import { api, type ApiResponse } from '../support/api.js';
import { untilHits } from '../support/hits.js';
import { type Finished, runInkwell, startInkwellCommand } from '../support/run-inkwell.js';
import { redisUrl } from '../support/start-inkwell.js';

/** Never empty, because General always exists. */
const CATEGORIES = '/blog/api/categories';
const OTHER_SECRET = 'another secret of more than 32 bytes';

type Explanation = CacheExplanation & { readonly asked: string | null };

const dataDir = mkdtempSync(join(tmpdir(), 'inkwell-cli-'));
// In a test run by root, the embedded server runs as another user.
chmodSync(dataDir, 0o755);
const environment = { DATA_DIR: dataDir, REDIS_URL: redisUrl() };
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

const cache = (...words: string[]): Promise<Finished> => runInkwell(['cache', ...words], environment);
async function explain(path: string): Promise<Explanation> {
  const { code, stdout, stderr } = await cache('explain', path, '--json');
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Explanation;
}

const tokenOf = (secret: string): Promise<string> =>
  new OperatorTokens(Config.from({ AUTH_SECRET: secret })).sign();

describe('inkwell cache', () => {
  it.each([
    ['nothing to purge', ['purge']],
    ['a tag and everything', ['purge', '--tag', 'x', '--all']],
    ['a path in broken percent-encoding', ['purge', '--path', '/%zz']],
    ['a path to explain in broken percent-encoding', ['explain', '/%zz']],
    ['an address that is none', ['explain', '/x', '--url', 'localhost:3000']],
  ])('ends with 2 and one line for %s', async (_, words) => {
    const { code, stdout, stderr } = await cache(...words);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^error: .+\n$/);
  });

  it('shows help', async () => {
    const { code, stdout } = await cache('explain', '--help');
    expect([code, stdout]).toEqual([0, expect.stringContaining('Usage: inkwell cache explain')]);
  });
});

describe('inkwell cache beside a running instance', () => {
  let url: string;
  let token: string;
  let stop: () => Promise<void>;

  beforeAll(async () => {
    const server = startInkwellCommand(['serve'], { ...environment, PORT: '0', WELCOME: 'false' });
    let output = '';
    server.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const ended = once(server, 'exit');
    stop = async () => {
      server.kill('SIGTERM');
      await ended;
    };
    const deadline = Date.now() + 25_000;
    while (findInstance(dataDir)?.httpUrl === undefined) {
      if (server.exitCode !== null || Date.now() > deadline) throw new Error(`No instance: ${output}`);
      await sleep(50);
    }
    url = findInstance(dataDir)!.httpUrl!;
    token = await tokenOf(findDevelopmentSecret(dataDir)!);
  });
  afterAll(() => stop());

  const get = (): Promise<ApiResponse<unknown>> => api({ url }).get(CATEGORIES);

  /** Requests like the command, without the time that the command takes to start. */
  const explained = async (): Promise<CacheExplanation> =>
    (await api({ url }).get<CacheExplanation>(`/api/cache/explain?path=${CATEGORIES}`, token)).body;
  const untilShared = async (): Promise<void> => {
    const deadline = Date.now() + 5_000;
    while ((await explained()).redis?.state !== 'fresh' && Date.now() < deadline) await sleep(20);
  };

  it('asks that instance, which keeps its address for its owner alone', async () => {
    await untilHits(get);
    const { asked, memory, next } = await until(
      () => explain(CATEGORIES),
      (explanation) => explanation.next === 'hit',
    );
    expect([asked, memory?.state, next]).toEqual([url, 'fresh', 'hit']);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(statSync(join(dataDir, 'instance.json')).mode & 0o077).toBe(0);
  });

  it('explains for people too', async () => {
    await untilHits(get);
    const { code, stdout } = await until(
      () => cache('explain', url + CATEGORIES),
      (explained) => explained.stdout.includes('It would hit'),
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^GET \/blog\/api\/categories\nIt would hit in memory, for [\d.]+ s more\.\n/);
    for (const part of [
      'CategoriesController.list',
      'TTL 3600 s, declared',
      'path:/blog/api/categories',
      'identity',
    ])
      expect(stdout).toContain(part);
  });

  it.each([
    [['--tag', 'categories'], 'categories'],
    [['--path', 'blog/api/categories?x=y'], 'path:/blog/api/categories'],
    [['--all'], '*'],
  ])('purges with %j from a process of its own', async (flags, tag) => {
    await untilHits(get);
    await untilShared();
    const { code, stdout } = await cache('purge', ...flags, '--json');
    expect([code, JSON.parse(stdout)]).toEqual([0, { tags: [tag] }]);
    const deadline = Date.now() + 5_000;
    while ((await explained()).memory !== null && Date.now() < deadline) await sleep(20);
    const { memory, redis, next, changes } = await explained();
    expect([memory, redis?.state, next]).toEqual([null, 'outdated', 'miss']);
    expect(changes[0]).toMatchObject({ event: 'cache.purged', tags: [tag], seen_by_redis: false });
    expect((await get()).headers.get('cache-status')).toMatch(/^inkwell; fwd=miss/);
  });

  it('says what it purged, and takes no port that the instance has', async () => {
    const taken = { ...environment, METRICS_PORT: new URL(url).port };
    const { code, stdout } = await runInkwell(['cache', 'purge', '--tag', 'post:5'], taken);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^Purged entries with the tag post:5: .+\n$/)]);
  });

  it('fails with 1 for a path that no cached route has, or where nobody listens', async () => {
    for (const [words, line] of [
      [['/nowhere'], 'No cached route has this path: GET /nowhere'],
      [[CATEGORIES, '--url', 'http://127.0.0.1:9'], 'http://127.0.0.1:9 cannot be reached'],
    ] as const) {
      const { code, stdout, stderr } = await cache('explain', ...words);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr.startsWith(line)).toBe(true);
    }
  });

  it('is refused with another secret, and says so in a line', async () => {
    const finished = await runInkwell(['cache', 'explain', CATEGORIES], {
      ...environment,
      AUTH_SECRET: OTHER_SECRET,
    });
    expect(finished.code).toBe(1);
    expect(finished.stdout).toBe('');
    expect(finished.stderr).toMatch(/^http:\S+ has another AUTH_SECRET than this command.*\n$/);
  });

  it('needs a secret to ask', async () => {
    const elsewhere = { DATA_DIR: join(dataDir, 'none') };
    const { code, stderr } = await runInkwell(['cache', 'explain', CATEGORIES, '--url', url], elsewhere);
    expect([code, stderr]).toEqual([1, expect.stringContaining('AUTH_SECRET must be set')]);
  });

  describe('its token', () => {
    it('opens what is marked for operators', async () => {
      expect((await api({ url }).get('/api/cache/explain?path=/blog/api/categories', token)).status).toBe(
        200,
      );
      expect((await api({ url }).post('/api/cache/purge', { tag: 'x' }, token)).status).toBe(200);
    });

    it('opens nothing else: it is no user', async () => {
      const statuses = await Promise.all([
        api({ url }).get('/api/users/me', token),
        api({ url }).get('/api/verify', token),
        api({ url }).get('/api/sessions', token),
        api({ url }).get(CATEGORIES, token),
        api({ url }).post('/blog/api/posts', { title: 'T', content: 'C' }, token),
        api({ url }).patch('/api/users/1', { bio: 'x' }, token),
      ]);
      expect(statuses.map(({ status, body }) => [status, (body as { code: string }).code])).toEqual(
        Array.from(statuses, () => [401, 'auth.invalid_token']),
      );
    });

    it('opens nothing when it is signed with another secret', async () => {
      const foreign = await tokenOf(OTHER_SECRET);
      expect((await api({ url }).get('/api/cache/explain?path=/blog/api/categories', foreign)).status).toBe(
        401,
      );
      expect((await api({ url }).post('/api/cache/purge', { all: true }, foreign)).status).toBe(401);
    });
  });

  it('tells what Redis and the outbox hold when the instance has gone', async () => {
    await untilHits(get);
    await untilShared();
    await stop();
    const { asked, memory, redis, next } = await explain(CATEGORIES);
    // PostgreSQL ended with the instance. After a restart it has another history, for which Redis holds nothing.
    expect([asked, memory, redis?.state, next]).toEqual([null, null, undefined, 'miss']);
    const { code, stdout } = await cache('explain', CATEGORIES);
    expect(code).toBe(0);
    expect(stdout.split('\n')[0]).toBe(
      `No process is running on ${dataDir}. This is what Redis and the outbox hold.`,
    );
    expect((await cache('purge', '--all')).code).toBe(0);
    expect(() => readFileSync(join(dataDir, 'instance.json'))).toThrow('ENOENT');
  }, 60_000);
});
