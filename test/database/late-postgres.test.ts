import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { api, type ApiResponse } from '../support/api.js';
import { freePort } from '../support/redis-server.js';
import { startInkwellCommand } from '../support/run-inkwell.js';
import { makeDataFolder, ServerProcess } from '../support/server-process.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { createTestDatabase } from '../support/test-database.js';

jest.setTimeout(120_000);

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await sleep(20);
}

const ask = (url: string, path: string): Promise<ApiResponse<Record<string, unknown>> | undefined> =>
  api({ url })
    .get(path)
    .catch(() => undefined);

describe('a start before PostgreSQL', () => {
  const folder = makeDataFolder();
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let databaseUrl: string;
  let databasePort: number;
  let link: TcpProxy | undefined;

  beforeAll(async () => {
    database = await createTestDatabase();
    databasePort = await freePort();
    const late = new URL(database.url);
    late.port = String(databasePort);
    databaseUrl = late.href;
  });
  afterAll(async () => {
    await link?.close();
    await database.drop();
    folder.remove();
  });

  it('waits, alive but neither started nor ready, and goes on by itself', async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const server = ServerProcess.start({
      DATABASE_URL: databaseUrl,
      DATA_DIR: folder.path,
      PORT: String(port),
    });
    const command = startInkwellCommand(['migrate'], { DATABASE_URL: databaseUrl, DATA_DIR: folder.path });
    let said = '';
    command.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const ended = once(command, 'close') as Promise<[number | null]>;

    await until(() => server.output.includes('Waiting for PostgreSQL at 127.0.0.1:'));
    await until(() => said.includes('Waiting for PostgreSQL at 127.0.0.1:'));
    await until(async () => (await ask(url, '/livez')) !== undefined);
    expect((await ask(url, '/livez'))?.status).toBe(200);
    for (const path of ['/startupz', '/readyz', '/blog/api/posts', '/blog/']) {
      const answer = await ask(url, path);
      expect([path, answer?.status, answer?.body['code']]).toEqual([path, 503, 'service.unavailable']);
      expect(answer?.headers.get('retry-after')).toBe('1');
      expect(answer?.headers.get('content-type')).toContain('application/problem+json');
    }

    link = await TcpProxy.to(database.url, databasePort);
    await until(async () => (await ask(url, '/readyz'))?.status === 200);
    expect((await ask(url, '/startupz'))?.status).toBe(200);
    expect((await ask(url, '/blog/api/posts'))?.status).toBe(200);
    expect(await ended).toEqual([0, null]);
    server.signal('SIGTERM');
    expect(await server.ended()).toBe(0);
  });

  it('ends at once with a wrong password, and with a database that does not exist', async () => {
    const wrongPassword = new URL(database.url);
    wrongPassword.password = 'wrong';
    const missing = new URL(database.url);
    missing.pathname = '/nobody_made_it';
    for (const [DATABASE_URL, reason] of [
      [wrongPassword.href, 'password authentication failed'],
      [missing.href, 'does not exist'],
    ] as const) {
      const server = ServerProcess.start({ DATABASE_URL, DATA_DIR: folder.path });
      expect(await server.ended()).toBe(1);
      expect(server.output).toContain(reason);
      expect(server.output).not.toContain('Waiting');
    }
  });
});
