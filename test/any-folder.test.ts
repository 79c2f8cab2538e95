import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { chmodSync, existsSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Client } from 'pg';
import { EmbeddedPostgres } from '../src/platform/database/embedded/embedded-postgres.js';
import { written } from './blog/posts.js';
import { registerAndLogin } from './support/accounts.js';
import { api } from './support/api.js';
import { copyCheckout, makeCheckout, removeCheckout } from './support/checkout.js';
import { sayNotRun } from './support/not-run.js';
import { processesOf, ServerProcess } from './support/server-process.js';
import { canRunUnprivileged, isRoot, unprivileged } from './support/unprivileged.js';

jest.setTimeout(180_000);

/** Serves from a checkout, writes a post, and stops. @returns the output of the process */
async function serveOnce(folder: string, as: typeof unprivileged = {}): Promise<string> {
  const server = ServerProcess.start({ WELCOME: 'false' }, { cwd: folder, ...as });
  const url = await server.address();
  await written({ url }, await registerAndLogin({ url }, 'ada'), { title: 'Kept' });
  expect((await api({ url }).get('/blog/api/posts')).body).toMatchObject([{ title: 'Kept' }]);
  server.signal('SIGTERM');
  expect(await server.ended()).toBe(0);
  return server.output;
}

async function titlesIn(dataDir: string): Promise<string[]> {
  const server = await EmbeddedPostgres.start(dataDir);
  const client = new Client({ connectionString: server.url });
  await client.connect();
  const found = await client.query<{ name: string | null }>("SELECT to_regclass('posts') AS name");
  const titles =
    found.rows[0]?.name === null
      ? []
      : (await client.query<{ title: string }>('SELECT title FROM posts')).rows.map(({ title }) => title);
  await client.end();
  await server.stop();
  return titles;
}

/** The folder that contains the cluster of a data folder. */
const placeOf = (dataDir: string): string => readFileSync(join(dataDir, 'postgres.place'), 'utf8');

function testRoot(): void {
  const folders: string[] = [];
  const places = new Set<string>();
  let output: string;

  beforeAll(async () => {
    folders.push(makeCheckout());
    output = await serveOnce(folders[0]!);
    places.add(placeOf(join(folders[0]!, '.data')));
  });
  afterAll(() => {
    for (const place of places) rmSync(place, { recursive: true });
    folders.forEach(removeCheckout);
  });

  it('serves, keeps its data where the server may go, and says so in one line', () => {
    const [folder, place] = [folders[0]!, placeOf(join(folders[0]!, '.data'))];
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(dirname(place)).toBe('/var/lib/inkwell');
    expect(basename(place).startsWith(`${basename(folder)}-`)).toBe(true);
    expect(output.split('\n').filter((line) => line.includes('PostgreSQL'))).toEqual([
      expect.stringMatching(
        `Creating a PostgreSQL database in ${place} \\("\\w+", who runs it, may not enter ${folder}/.data\\)$`,
      ),
    ]);
    expect(processesOf(place)).toEqual([]);
  });

  it('keeps the data of a copy apart', async () => {
    const copy = copyCheckout(folders[0]!);
    folders.push(copy);
    expect(await titlesIn(join(copy, '.data'))).toEqual([]);
    places.add(placeOf(join(copy, '.data')));
    expect(places.size).toBe(2);
    expect(await titlesIn(join(folders[0]!, '.data'))).toEqual(['Kept']);
  });

  it('finds its data when it was moved', async () => {
    const moved = `${folders[0]!}-moved`;
    renameSync(folders[0]!, moved);
    folders[0] = moved;
    expect(await titlesIn(join(moved, '.data'))).toEqual(['Kept']);
    expect(placeOf(join(moved, '.data'))).toBe([...places][0]);
  });
}

function testUnprivileged(): void {
  const folder = makeCheckout(unprivileged.uid);
  afterAll(() => removeCheckout(folder));

  it('serves, and keeps its data there', async () => {
    const output = await serveOnce(folder, unprivileged);
    expect(output).toContain(`Creating a PostgreSQL database in ${join(folder, '.data')}\n`);
    expect(existsSync(join(folder, '.data', 'postgres', 'PG_VERSION'))).toBe(true);
  });

  it('names DATA_DIR in a folder that it may not write in', async () => {
    rmSync(join(folder, '.data'), { recursive: true });
    chmodSync(folder, 0o555);
    const server = ServerProcess.start({}, { cwd: folder, ...unprivileged });
    expect(await server.ended()).toBe(1);
    chmodSync(folder, 0o755);
    expect(server.output).toMatch(
      /^Inkwell cannot write to its data folder \S+ \(EACCES\): set DATA_DIR to [^\n]+\n$/,
    );
  });
}

// One of the two must be possible. The end of the run lists the other.
if (isRoot) {
  describe('npm start as root in a folder of mode 700', () => {
    testRoot();
  });
} else sayNotRun('npm start as root in a folder of mode 700: these tests do not run as root');
if (canRunUnprivileged('npm start as an unprivileged user in a folder of mode 700')) {
  describe('npm start as an unprivileged user in a folder of mode 700', () => {
    testUnprivileged();
  });
}
