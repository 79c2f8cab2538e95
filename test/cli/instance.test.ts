import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runInkwell, startInkwellCommand } from '../support/run-inkwell.js';

let dataDir: string;
let environment: Record<string, string>;
beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'inkwell-data-'));
  // PostgreSQL runs as another user if the tests run as root.
  chmodSync(dataDir, 0o755);
  environment = { DATA_DIR: dataDir, PORT: '0', HOST: '127.0.0.1', WELCOME: 'false' };
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

/** The address that the server prints once it listens. */
async function addressOf(server: ChildProcess): Promise<string> {
  let output = '';
  for await (const chunk of server.stdout!) {
    output += String(chunk);
    const address = /http:\/\/\S+(?=\/blog\/)/.exec(output)?.[0];
    if (address !== undefined) return address;
  }
  throw new Error(`The server ended: ${output}`);
}

const titles = async (url: string): Promise<string[]> => {
  const posts = (await (await fetch(`${url}/blog/api/posts`)).json()) as { title: string }[];
  return posts.map(({ title }) => title);
};

/** The server learns of the other process's change by a notification, or within half a second by its own check. */
async function titlesOnce(url: string, count: number): Promise<string[]> {
  const deadline = Date.now() + 5_000;
  for (;;) {
    const found = await titles(url);
    if (found.length === count || Date.now() > deadline) return found;
    await sleep(50);
  }
}

describe('inkwell on a data folder', () => {
  it('starts the embedded database for a command, and stops it', async () => {
    const { code, stdout, stderr } = await runInkwell(['seed', '--users', '2', '--posts', '3'], environment);
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: '2 users; 3 posts created (1 draft), 0 existed already\n',
      stderr: '',
    });
    expect(existsSync(join(dataDir, 'postgres/postmaster.pid'))).toBe(false);
    expect(existsSync(join(dataDir, 'instance.json'))).toBe(false);
  });

  it('joins the database of the instance that serves there, and its readers see what a command did', async () => {
    const server = startInkwellCommand(['serve'], environment);
    try {
      const url = await addressOf(server);
      expect(await titles(url)).toHaveLength(2);
      const { code, stdout } = await runInkwell(['seed', '--users', '2', '--posts', '5'], environment);
      expect([code, stdout]).toEqual([0, '2 users; 2 posts created (0 drafts), 3 existed already\n']);
      expect(await titlesOnce(url, 4)).toHaveLength(4);
    } finally {
      server.kill('SIGINT');
      expect(await once(server, 'exit')).toEqual([0, null]);
    }
  });
});
