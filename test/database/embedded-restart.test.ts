import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { api } from '../support/api.js';
import { makeDataFolder, processesOf, ServerProcess, untilNoProcessOf } from '../support/server-process.js';

jest.setTimeout(120_000);

const folder = makeDataFolder();
let server: ServerProcess;
afterEach(async () => {
  server.signal('SIGKILL');
  await server.ended();
  await untilNoProcessOf(folder.path, 60_000);
  folder.remove();
});

const statusOf = (url: string, path: string): Promise<number> =>
  api({ url })
    .get(path)
    .then(({ status }) => status);

describe('the embedded PostgreSQL', () => {
  it('is started again when it was killed, each time, says so, and still stops with the process', async () => {
    server = ServerProcess.start({ DATA_DIR: folder.path, STALE_IF_ERROR_SECONDS: '0', WELCOME: 'false' });
    const url = await server.address();
    for (const times of [1, 2]) {
      const [postmaster] = readFileSync(join(folder.path, 'postgres', 'postmaster.pid'), 'utf8').split('\n');
      process.kill(Number(postmaster), 'SIGKILL');
      const said = (): number => server.output.split('The embedded PostgreSQL ended').length - 1;
      while (said() < times) await sleep(20);
      expect(server.output).toMatch(/The embedded PostgreSQL ended \(.+\): starting it again in 0\.\d+ s/);
      // Reads from PostgreSQL, not from a cache.
      while ((await statusOf(url, `/blog/api/posts?q=word${times}`)) !== 200) await sleep(50);
    }
    server.signal('SIGTERM');
    expect(await server.ended()).toBe(0);
    expect(processesOf(folder.path)).toEqual([]);
  });
});
