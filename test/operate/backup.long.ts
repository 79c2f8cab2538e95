import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { debianInstallation } from '../coherence/cluster/installation.js';
import { dumpRestoredByCommandInPlace, dumpRestoredOnANewServer } from '../coherence/directed/restores.js';
import { Stand } from '../coherence/directed/stand.js';
import { blocksOf, sectionOf } from '../support/pages.js';
import { makeDataFolder } from '../support/server-process.js';

const TIMEOUT_MS = 180_000;
const PAGE = 'docs/backup.md';
/** The new server has the role of the old one. */
const PASSWORD = 'the-password-on-both-servers';

const folder = makeDataFolder();
let stand: Stand;
beforeAll(async () => {
  stand = await Stand.start({ replicas: 3, installation: debianInstallation(PASSWORD) });
}, TIMEOUT_MS);
afterAll(async () => {
  await stand.stop();
  folder.remove();
}, TIMEOUT_MS);

/** The commands under a heading, unchanged, with Debian's programs. */
async function run(heading: string, variables: Readonly<Record<string, string>>): Promise<void> {
  const commands = blocksOf(sectionOf(PAGE, heading), 'sh').join('\n');
  expect(commands).not.toBe('');
  await promisify(execFile)('/bin/sh', ['-ec', commands], {
    cwd: folder.path,
    env: { PATH: `${debianInstallation().binaries}:${process.env['PATH']}`, ...variables },
  });
}

const dump = (url: string): Promise<void> => run('A dump', { DATABASE_URL: url });

function onNewServer(url: string): Promise<void> {
  const server = new URL(url);
  server.pathname = '/postgres';
  return run('On a new server', { NEW_DATABASE_URL: url, NEW_SERVER_URL: server.href });
}

describe('docs/backup.md, followed to the letter while three replicas run on', () => {
  it(
    'brings a dump back on a new server, and nothing that came after it is shown',
    async () => {
      expect(await dumpRestoredOnANewServer(stand, { dump, restore: onNewServer })).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    'brings a dump back in place, and nothing that came after it is shown',
    async () => {
      const restore = (url: string): Promise<void> => run('In place', { DATABASE_URL: url });
      expect(await dumpRestoredByCommandInPlace(stand, { dump, restore })).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
