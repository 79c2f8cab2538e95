import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './support/redis-server.js';
import { registerAndLogin } from './support/accounts.js';
import { ServerProcess } from './support/server-process.js';
import { createTestDatabase, query } from './support/test-database.js';

const MINUTE = 60_000;
/** Enough time for processes that start one after the other. */
const MINUTES = 3 * MINUTE;
const WRITES = 25;
const READERS = 8;

let database: { url: string; drop: () => Promise<void> };
let server: ServerProcess;
let url: string;

/** Refuses all new connections and leaves open ones alone. A process that starts meanwhile ends. */
async function admitConnections(isAdmitted: boolean): Promise<void> {
  const server = new URL(database.url);
  const name = server.pathname.slice(1);
  server.pathname = '/postgres';
  await query(server.href, `ALTER DATABASE ${name} ALLOW_CONNECTIONS ${isAdmitted}`);
}

const failedReplacements = (): number => server.output.split('ended before it was ready').length - 1;

/** On a new connection, which the cluster gives to any of the processes. */
const get = (path: string): Promise<Response> => fetch(url + path, { headers: { connection: 'close' } });

async function metric(name: string): Promise<number> {
  const line = new RegExp(`^${name} (\\S+)$`, 'm').exec(await (await get('/metrics')).text());
  return Number(line?.[1]);
}

async function start(): Promise<void> {
  server = ServerProcess.start({
    NODE_ENV: 'production',
    DATABASE_URL: database.url,
    AUTH_SECRET: 'the-signing-key-of-the-tests-0123456789',
    WEB_CONCURRENCY: '2',
    PORT: String(await freePort()),
  });
  url = await server.address();
}

beforeAll(async () => {
  database = await createTestDatabase();
  await start();
}, MINUTE);

afterAll(async () => {
  server.signal('SIGKILL');
  await server.ended();
  await database.drop();
});

describe('WEB_CONCURRENCY=2', () => {
  it(
    'shows every write to whoever asks after its answer, whichever process he gets',
    async () => {
      const { token } = await registerAndLogin({ url }, 'writer');
      const send = async (method: string, path: string, body: object): Promise<{ id: number }> => {
        const headers = {
          'content-type': 'application/json',
          authorization: `Bearer ${token}`,
          connection: 'close',
        };
        const answer = await fetch(url + path, { method, headers, body: JSON.stringify(body) });
        expect(answer.status).toBeLessThan(300);
        return (await answer.json()) as { id: number };
      };
      const { id } = await send('POST', '/blog/api/posts', {
        title: 'v0',
        content: 'x',
        category_name: 'General',
      });
      for (let version = 1; version <= WRITES; version += 1) {
        await Promise.all(Array.from({ length: READERS }, () => get(`/blog/api/posts/${id}`)));
        await send('PATCH', `/blog/api/posts/${id}`, { title: `v${version}` });
        const reads = Array.from({ length: READERS }, async () =>
          (await get(`/blog/api/posts/${id}`)).json(),
        );
        for (const read of await Promise.all(reads)) expect(read).toMatchObject({ title: `v${version}` });
      }
    },
    MINUTE,
  );

  it('answers a scrape for all of them', async () => {
    expect(await metric('coherence_replicas')).toBe(2);
    const before = await metric('http_requests_total{method="GET",route="/livez",status="200"}');
    await Promise.all(Array.from({ length: 20 }, () => get('/livez')));
    const after = await metric('http_requests_total{method="GET",route="/livez",status="200"}');
    expect(after - (before || 0)).toBe(20);
  });

  it(
    'replaces a process that dies, and goes on meanwhile',
    async () => {
      const [child] = server.children;
      expect(child).toBeDefined();
      process.kill(child!, 'SIGKILL');
      while (server.children.includes(child!)) await sleep(5);
      for (let i = 0; i < 50; i += 1) expect((await get('/livez')).status).toBe(200);
      while (server.children.length < 2 || (await metric('coherence_replicas')) < 2) await sleep(50);
      expect(server.children).not.toContain(child);
    },
    MINUTE,
  );

  it(
    'goes on trying to replace a process when the first replacement fails',
    async () => {
      const [child] = server.children;
      await admitConnections(false);
      process.kill(child!, 'SIGKILL');
      while (failedReplacements() < 1) await sleep(20);
      await admitConnections(true);
      while (server.children.length < 2 || (await metric('coherence_replicas')) < 2) await sleep(50);
      expect(server.children).not.toContain(child);
    },
    MINUTES,
  );

  it(
    'stops all of them at a SIGTERM, with exit code 0',
    async () => {
      const { children } = server;
      server.signal('SIGTERM');
      expect(await server.ended()).toBe(0);
      for (const child of children) expect(() => process.kill(child, 0)).toThrow('ESRCH');
    },
    MINUTE,
  );

  it(
    'ends with another exit code when all of them are lost and cannot be replaced',
    async () => {
      await start();
      while (!server.output.includes('2 processes share the port')) await sleep(20);
      const { children } = server;
      await admitConnections(false);
      for (const child of children) process.kill(child, 'SIGKILL');
      expect(await server.ended()).toBe(1);
      expect(server.output).toContain('All processes have died');
    },
    MINUTES,
  );
});
