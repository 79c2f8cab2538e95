import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedPostgres } from '../../src/platform/database/embedded/embedded-postgres.js';
import { written } from '../blog/posts.js';
import { type Account, registerAndLogin } from '../support/accounts.js';
import { api } from '../support/api.js';
import { freePort, startRedis, type TestRedis } from '../support/redis-server.js';
import { makeDataFolder, processesOf, ServerProcess, untilNoProcessOf } from '../support/server-process.js';
import { query } from '../support/test-database.js';
import { SteadyLoad } from './steady-load.js';

const STALE_IF_ERROR_SECONDS = 3;
const RECOVERY_MS = 5_000;

interface Readiness {
  readonly status: string;
  readonly checks?: Readonly<Record<string, string>>;
}

describe('node dist/main.js under load, whose servers are killed', () => {
  const folder = makeDataFolder();
  const ports = { postgres: 0, redis: 0 };
  let postgres: EmbeddedPostgres;
  let redis: TestRedis;
  let server: ServerProcess;
  let url: string;
  let author: Account;
  let load: SteadyLoad;

  const startPostgres = async (): Promise<void> => {
    postgres = await EmbeddedPostgres.start(folder.path, { port: ports.postgres });
  };
  const ready = async (): Promise<Readiness> => (await api({ url }).get<Readiness>('/readyz')).body;
  /** @returns the time it took in ms */
  async function until(holds: () => Promise<boolean>): Promise<number> {
    const startedAt = performance.now();
    while (!(await holds())) {
      if (performance.now() - startedAt > 30_000)
        throw new Error(`Not within 30 s: ${JSON.stringify(await ready())}`);
      await sleep(25);
    }
    return performance.now() - startedAt;
  }
  const allIsWell = async (): Promise<boolean> => (await ready()).status === 'ok';

  beforeAll(async () => {
    ports.postgres = await freePort();
    ports.redis = await freePort();
    await startPostgres();
    redis = await startRedis(ports.redis);
    server = ServerProcess.start({
      NODE_ENV: 'production',
      AUTH_SECRET: 'the-signing-key-of-the-tests-0123456789',
      DATABASE_URL: postgres.url,
      REDIS_URL: redis.url,
      STALE_IF_ERROR_SECONDS: String(STALE_IF_ERROR_SECONDS),
    });
    url = await server.address();
    author = await registerAndLogin({ url }, 'steady');
    load = new SteadyLoad(url, author);
    load.start({ readers: 4, writers: 1 });
  }, 60_000);
  afterAll(async () => {
    await load.stop();
    server.signal('SIGKILL');
    await server.ended();
    redis.stop();
    await postgres.stop();
    folder.remove();
  }, 30_000);

  it('goes on without Redis, says so, and uses it again within 5 s of its return', async () => {
    await until(allIsWell);
    redis.stop();
    await until(async () => (await ready()).checks?.['redis'] === 'degraded');
    expect((await api({ url }).get('/readyz')).status).toBe(200);
    const [before, failed] = [load.requests, load.failures.length];
    await until(async () => load.requests > before + 200);
    redis = await startRedis(ports.redis);
    expect(await until(allIsWell)).toBeLessThan(RECOVERY_MS);
    expect(load.failures.slice(failed)).toEqual([]);
    expect(load.failures).toEqual([]);
  }, 60_000);

  it('stays up without PostgreSQL, is taken out of service in time, and is well within 5 s of its return', async () => {
    await until(allIsWell);
    // The load changes the lists all the time, but never this one.
    const { id: quiet } = await written({ url }, author, { title: 'Quiet' });
    const readQuiet = async (): Promise<number> =>
      (await api({ url }).get(`/blog/api/posts/${quiet}`)).status;
    expect(await readQuiet()).toBe(200);
    const acknowledgedBefore = load.acknowledged.size;
    for (const id of processesOf(folder.path)) process.kill(id, 'SIGKILL');
    await untilNoProcessOf(folder.path, 10_000);
    await postgres.stop();
    await until(async () => (await ready()).checks?.['postgresql'] === 'degraded');
    expect(await readQuiet()).toBe(200);
    expect((await api({ url }).get('/livez')).status).toBe(200);
    await until(async () => (await api({ url }).get('/readyz')).status === 503);
    expect((await api({ url }).get('/livez')).status).toBe(200);
    // All failures were a clear "not now", and nothing hung.
    expect(load.failures.filter((failure) => !/: 503 .*"service\.unavailable"/.test(failure))).toEqual([]);

    await startPostgres();
    expect(await until(allIsWell)).toBeLessThan(RECOVERY_MS);
    const startedAt = performance.now();
    const failedBefore = load.failures.length;
    await until(async () => load.acknowledged.size > acknowledgedBefore + 5);
    expect(performance.now() - startedAt).toBeLessThan(RECOVERY_MS);
    expect(load.failures.slice(failedBefore)).toEqual([]);
  }, 90_000);

  it('has lost nothing that it acknowledged', async () => {
    await load.stop();
    const rows = await query<{ id: number; title: string }>(postgres.url, 'SELECT id, title FROM posts');
    const kept = new Map(rows.map(({ id, title }) => [id, title]));
    const lost = [...load.acknowledged].filter(
      ([id, title]) => kept.get(id) !== title && kept.get(id) !== `${title}, revised`,
    );
    expect(lost).toEqual([]);
    server.signal('SIGTERM');
    expect(await server.ended()).toBe(0);
  });
});
