import { afterAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { written } from '../blog/posts.js';
import { registerAndLogin } from '../support/accounts.js';
import { api } from '../support/api.js';
import { blocksOf, sectionOf } from '../support/pages.js';
import { makeDataFolder, ServerProcess } from '../support/server-process.js';

const TIMEOUT_MS = 120_000;

const folder = makeDataFolder();
afterAll(folder.remove);
const DATA_DIR = join(folder.path, 'data');

/** A server on the data folder, from start to end. */
async function during<T>(work: (inkwell: { readonly url: string }) => Promise<T>): Promise<T> {
  const server = ServerProcess.start({ DATA_DIR, WELCOME: 'false' });
  try {
    return await work({ url: await server.address() });
  } finally {
    server.signal('SIGINT');
    await server.ended();
  }
}

describe('docs/backup.md on the embedded PostgreSQL, followed to the letter', () => {
  it(
    'brings back the data folder as it was copied, with its accounts and sessions',
    async () => {
      const [copy, putBack] = blocksOf(sectionOf('docs/backup.md', 'The embedded PostgreSQL'), 'sh');
      const run = (commands: string): Promise<unknown> =>
        promisify(execFile)('/bin/sh', ['-ec', commands], {
          cwd: folder.path,
          env: { PATH: process.env['PATH'], DATA_DIR },
        });

      const ada = await during(async (inkwell) => {
        const account = await registerAndLogin(inkwell, 'ada');
        await written(inkwell, account, { title: 'Before the backup' });
        return account;
      });
      await run(copy!);
      await during((inkwell) => written(inkwell, ada, { title: 'After the backup' }));
      await run(putBack!);
      await during(async (inkwell) => {
        const { body } = await api(inkwell).get<{ title: string }[]>('/blog/api/posts', ada.token);
        expect(body.map(({ title }) => title)).toEqual(['Before the backup']);
      });
    },
    TIMEOUT_MS,
  );
});
