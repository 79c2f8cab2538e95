import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BlogFolder } from '../support/blogs/generated-blog.js';
import { hugoBlog } from '../support/blogs/hugo-blog.js';
import { type Finished, runInkwell, startInkwellCommand } from '../support/run-inkwell.js';
import { storedPosts } from '../support/stored-posts.js';
import { createTestDatabase, query } from '../support/test-database.js';

const MANY = 1_300;
const BATCH = 500;

let database: Awaited<ReturnType<typeof createTestDatabase>>;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

const many = hugoBlog(MANY);
afterAll(many.remove);

const run = (...words: string[]): Promise<Finished> => runInkwell(words, { DATABASE_URL: database.url });

const file = (title: string, more = ''): string =>
  `---\ntitle: ${title}\ndate: 2020-01-01\n${more}---\n\nText.\n`;

async function countPosts(): Promise<number> {
  const [row] = await query<{ count: number }>(database.url, 'SELECT count(*)::integer AS count FROM posts');
  return row!.count;
}

/** Waits until the running import has committed something. */
async function untilSomeAreIn(importing: ChildProcess): Promise<void> {
  while ((await countPosts()) === 0 && importing.exitCode === null) await sleep(5);
}

async function expectAllOnce(): Promise<void> {
  const posts = await storedPosts(database.url);
  expect(posts.map(({ title }) => title).sort()).toEqual(many.posts.map(({ title }) => title).sort());
  expect(new Set(posts.map(({ slug }) => slug)).size).toBe(MANY);
}

describe('inkwell import', () => {
  it('writes nothing in a dry run and reports as if it had; then makes an outbox row of every 500 posts', async () => {
    const tables = ['users', 'posts', 'categories', 'imported_posts', 'former_addresses', 'outbox'];
    const counts = (): Promise<object[]> =>
      query(
        database.url,
        tables.map((table) => `SELECT '${table}' AS table, count(*) FROM ${table}`).join(' UNION '),
      );
    const before = await counts();
    const dry = await run('import', many.path, '--dry-run');
    expect(dry.code).toBe(0);
    expect(dry.stdout).toContain(`${MANY.toLocaleString('en-US')} posts would be imported`);
    expect(await counts()).toEqual(before);
    const real = await run('import', many.path);
    expect(real.stdout.replace('posts imported', 'posts would be imported').split('\n')[0]).toBe(
      dry.stdout.split('\n')[0],
    );
    const [row] = await query<{ events: number; transactions: number }>(
      database.url,
      `SELECT count(*)::integer AS events, count(DISTINCT xid)::integer AS transactions FROM outbox WHERE event = 'posts.imported'`,
    );
    expect(row).toEqual({ events: Math.ceil(MANY / BATCH), transactions: Math.ceil(MANY / BATCH) });
  }, 120_000);

  it('goes on where it was killed, without a post twice or missing', async () => {
    const importing = startInkwellCommand(['import', many.path], { DATABASE_URL: database.url });
    await untilSomeAreIn(importing);
    importing.kill('SIGKILL');
    await once(importing, 'close');
    const half = await countPosts();
    expect(half % BATCH).toBe(0);
    expect(half).toBeGreaterThan(0);
    expect(half).toBeLessThan(MANY);
    const again = await run('import', many.path);
    expect(again.code).toBe(0);
    expect(again.stdout).toContain(`${(MANY - half).toLocaleString('en-US')} posts imported`);
    expect(again.stdout).toContain(`${half.toLocaleString('en-US')} unchanged`);
    await expectAllOnce();
  }, 120_000);

  it('stops between two batches on Ctrl-C, says so, and goes on the next time', async () => {
    const importing = startInkwellCommand(['import', many.path], { DATABASE_URL: database.url });
    let stderr = '';
    importing.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    importing.stdout?.resume();
    await untilSomeAreIn(importing);
    importing.kill('SIGINT');
    expect(await once(importing, 'close')).toEqual([1, null]);
    // If it takes long, progress is printed before it.
    expect(stderr).toMatch(
      /^(?: *\d+% .*\n)*Interrupted: imported posts stay; run the command again to continue\n$/,
    );
    expect((await countPosts()) % BATCH).toBe(0);
    await run('import', many.path);
    await expectAllOnce();
  }, 120_000);

  it('imports each post once when it runs twice at the same moment', async () => {
    const both = await Promise.all([run('import', many.path), run('import', many.path)]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    await expectAllOnce();
  }, 120_000);

  it('adds what is new, and lists what was edited in the source without touching it here', async () => {
    const folder = new BlogFolder();
    folder.write('one.md', file('One'));
    await run('import', folder.path);
    appendFileSync(join(folder.path, 'one.md'), 'More.\n');
    folder.write('two.md', file('Two'));
    const { code, stdout } = await run('import', folder.path);
    folder.remove();
    expect(code).toBe(0);
    expect(stdout).toContain('1 post imported (0 drafts), 1 unchanged');
    expect(stdout).toMatch(/Differs: .*\n {2}1 × post\n {4}one\.md {2}One\n/);
    expect((await storedPosts(database.url)).map(({ title, content }) => [title, content])).toEqual([
      ['One', 'Text.'],
      ['Two', 'Text.'],
    ]);
  });

  it('does not bring back a post that was deleted here', async () => {
    const folder = new BlogFolder();
    folder.write('one.md', file('One'));
    await run('import', folder.path);
    await query(database.url, 'DELETE FROM posts');
    const { stdout } = await run('import', folder.path);
    folder.remove();
    expect(stdout).toContain('0 posts imported (0 drafts), 1 unchanged');
    expect(await countPosts()).toBe(0);
  });

  it('takes two folders with the same file names for two blogs when it is told to', async () => {
    const [here, there] = [new BlogFolder(), new BlogFolder()];
    here.write('hello.md', file('Here'));
    there.write('hello.md', file('There'));
    await run('import', here.path);
    expect((await run('import', there.path)).stdout).toContain('0 posts imported');
    expect((await run('import', there.path, '--source', 'there')).stdout).toContain('1 post imported');
    here.remove();
    there.remove();
    expect((await storedPosts(database.url)).map(({ title }) => title)).toEqual(['Here', 'There']);
  });

  it('gives posts without an author to the one it is told, and to accounts that are there', async () => {
    await query(
      database.url,
      `INSERT INTO users (username, role, password_hash) VALUES ('jane', 'admin', 'x')`,
    );
    const folder = new BlogFolder();
    folder.write('one.md', file('One'));
    folder.write('two.md', file('Two', 'author: Bo B.\n'));
    folder.write('three.md', file('Three', 'author: jane\n'));
    const { stdout } = await run('import', folder.path, '--author', 'jane');
    folder.remove();
    expect(stdout).toContain('  jane → jane (existing account)\n  Bo B. → bo-b (new, without a password)\n');
    const authors = (await storedPosts(database.url)).map(({ title, author }) => [title, author]);
    expect(Object.fromEntries(authors)).toEqual({ One: 'jane', Two: 'bo-b', Three: 'jane' });
    const users = await query(database.url, 'SELECT username, role, password_hash FROM users ORDER BY id');
    expect(users).toEqual([
      { username: 'jane', role: 'admin', password_hash: 'x' },
      { username: 'bo-b', role: 'author', password_hash: null },
    ]);
  });

  it('gives authors the same accounts whatever part of them is new', async () => {
    const folder = new BlogFolder();
    folder.write('a.md', file('A', 'author: Jane\n'));
    folder.write('b.md', file('B', 'author: JANE\n'));
    await run('import', folder.path);
    folder.write('c.md', file('C', 'author: JANE\n'));
    await run('import', folder.path);
    folder.remove();
    const authors = (await storedPosts(database.url)).map(({ title, author }) => [title, author]);
    expect(Object.fromEntries(authors)).toEqual({ A: 'jane', B: 'jane-2', C: 'jane-2' });
  });

  it('follows no link out of the folder', async () => {
    const [folder, outside] = [new BlogFolder(), new BlogFolder()];
    folder.write('one.md', file('One'));
    outside.write('secret.md', file('Secret'));
    symlinkSync(join(outside.path, 'secret.md'), join(folder.path, 'secret.md'));
    symlinkSync(outside.path, join(folder.path, 'outside'));
    symlinkSync(folder.path, join(folder.path, 'circle'));
    const { stdout } = await run('import', folder.path);
    folder.remove();
    outside.remove();
    expect(stdout).toContain('1 post imported');
    expect(stdout).toContain('  3 × folder or link that was not followed\n');
  });

  it('takes a single file, and leads its old address to the post', async () => {
    const folder = new BlogFolder();
    folder.write('one.md', file('One', 'permalink: /2020/one.html\n'));
    folder.write('two.md', file('Two'));
    const { stdout } = await run('import', join(folder.path, 'one.md'));
    folder.remove();
    expect(stdout).toContain('1 post imported');
    expect((await storedPosts(database.url)).map(({ title, paths }) => [title, paths])).toEqual([
      ['One', ['/2020/one.html']],
    ]);
  });
});
