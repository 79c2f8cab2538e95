import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ImportJob, ImportJobsService } from '../../src/transfer/jobs/import-jobs.service.js';
import { registerAndLogin } from '../support/accounts.js';
import { ghostBlog } from '../support/blogs/ghost-blog.js';
import { hugoBlog } from '../support/blogs/hugo-blog.js';
import { wordpressBlog } from '../support/blogs/wordpress-blog.js';
import {
  encrypted,
  post,
  withFlippedBit,
  withLink,
  zipOf,
  zipOfFolder,
  zipOfMany,
} from '../support/blogs/zip.js';
import { query } from '../support/database.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';
import { storedPosts } from '../support/stored-posts.js';

let inkwell: Inkwell;
/** A second replica on the same database. */
let other: Inkwell;
let userId: number;
beforeAll(async () => {
  inkwell = await startInkwell();
  other = await startInkwell({}, { databaseUrl: inkwell.databaseUrl });
  userId = (await registerAndLogin(inkwell, 'ada')).id;
});
afterAll(async () => {
  await other.close();
  await inkwell.close();
});

const jobs = ({ app }: Inkwell): ImportJobsService => app.get(ImportJobsService, { strict: false });

interface Options {
  readonly isDryRun?: boolean;
  readonly bytes?: AsyncIterable<Buffer>;
}

const upload = (fileName: string, bytes: Buffer, options: Options = {}): Promise<number> =>
  jobs(inkwell).accept(
    { fileName, isDryRun: false, shouldNotify: false, bytes: Readable.from([bytes]), ...options },
    { userId },
  );

async function ended(id: number): Promise<ImportJob> {
  for (;;) {
    const job = await jobs(other).get(id);
    if (job.finishedAt !== null) return job;
    await sleep(20);
  }
}

const imported = async (...given: Parameters<typeof upload>): Promise<ImportJob> =>
  ended(await upload(...given));

/** Everything that an import may change. */
const state = (): Promise<object[]> =>
  query(
    inkwell,
    ['users', 'posts', 'categories', 'imported_posts', 'former_addresses', 'outbox', 'import_chunks']
      .map((table) => `SELECT '${table}' AS table, count(*) FROM ${table}`)
      .join(' UNION '),
  );

describe('an uploaded import', () => {
  it('reads a ZIP of a folder as the command reads the folder, and its report is there on another replica', async () => {
    const blog = hugoBlog(30);
    const { path } = blog;
    const archive = await zipOfFolder(path);
    blog.remove();
    const dry = await imported('My blog.zip', archive, { isDryRun: true });
    expect(await storedPosts(inkwell.databaseUrl)).toEqual([]);
    const job = await imported('My blog.zip', archive);
    expect(job).toMatchObject({
      ...{ state: 'done', createdBy: 'ada', fileName: 'My blog.zip', bytes: archive.length, attempts: 1 },
      ...{ format: 'Hugo blog', imported: 30, failure: null },
    });
    expect(dry.report).toEqual(job.report);
    expect(job.position).toBe(job.size);
    expect(job.report).toMatchObject({ format: 'Hugo blog', imported: 30, unchanged: 0, broken: 0 });
    const leftOut = job.report!.groups.filter(({ kind }) => kind === 'left out');
    expect(Object.fromEntries(leftOut.map(({ what, count }) => [what, count]))).toEqual(blog.leftOut);
    const titles = (await storedPosts(inkwell.databaseUrl)).map(({ title }) => title);
    expect(titles.sort()).toEqual(blog.posts.map(({ title }) => title).sort());
    const again = await imported('My blog.zip', archive);
    expect(again.report).toMatchObject({ imported: 0, unchanged: 30 });
  });

  it.each([
    ['WordPress', wordpressBlog, 'export.xml', 'WordPress export'],
    ['Ghost', ghostBlog, 'export.json', 'Ghost export'],
  ])('reads an export of %s as it is, and inside a ZIP', async (_, makeBlog, name, format) => {
    const blog = makeBlog(20);
    const bytes = readFileSync(blog.path);
    blog.remove();
    const plain = await imported(name, bytes);
    expect(plain).toMatchObject({ state: 'done', format, imported: 20 });
    const zipped = await imported(
      'all.zip',
      await zipOf([
        [`site/${name}`, bytes],
        ['site/package.json', '{}'],
      ]),
    );
    expect(zipped).toMatchObject({ state: 'done', format, imported: 0 });
    expect(zipped.report).toMatchObject({ unchanged: 20 });
    expect(zipped.report!.groups).toContainEqual(
      expect.objectContaining({ what: 'file that is no export', remarks: [{ place: 'package.json' }] }),
    );
  });

  it('reads one Markdown file, whose author is whoever uploads it', async () => {
    const job = await imported('../../etc/Single.md', Buffer.from(post('Single')));
    expect(job).toMatchObject({ state: 'done', fileName: 'Single.md', imported: 1 });
    const stored = (await storedPosts(inkwell.databaseUrl)).find(({ title }) => title === 'Single');
    expect(stored?.author).toBe('ada');
  });

  it('reports broken posts with their place, and imports the others', async () => {
    const archive = await zipOf([
      ['posts/good.md', post('Good')],
      ['posts/bad.md', '---\ntitle: [\n---\n\nText.\n'],
      ['__MACOSX/posts/._good.md', 'binary'],
    ]);
    const { state: outcome, report } = await imported('posts.zip', archive);
    expect(outcome).toBe('done');
    expect(report).toMatchObject({ imported: 1, broken: 1, left_out: 0 });
    expect(report!.groups[0]).toMatchObject({
      kind: 'broken',
      remarks: [{ place: expect.stringMatching(/^bad\.md:/) }],
    });
  });

  it('keeps a report whose texts PostgreSQL cannot store as text', async () => {
    const { report } = await imported(
      'nul.zip',
      await zipOf([
        ['nul.md', `---\ntitle: "\\0"\n---\n`],
        ['b.md', '---\n\0'],
      ]),
    );
    expect(report!.broken).toBeGreaterThan(0);
  });
});

const zeros = Buffer.alloc(8 * 1024 ** 2);

describe('a hostile upload', () => {
  const hostile: readonly (readonly [string, () => Promise<Buffer> | Buffer, object])[] = [
    [
      'a path out of the folder',
      () =>
        zipOf([
          ['ok.md', post('Ok')],
          ['../evil.md', post('Evil')],
        ]),
      { failure: 'archive_path', failureDetail: '../evil.md' },
    ],
    ['an absolute path', () => zipOf([['/tmp/evil.md', post('Evil')]]), { failure: 'archive_path' }],
    [
      'a path out of the folder, with backslashes',
      () => zipOf([['a\\..\\..\\evil.md', post('Evil')]]),
      { failure: 'archive_path' },
    ],
    [
      'a name that is too long',
      () => zipOf([[`${'x'.repeat(400)}.md`, post('Long')]]),
      { failure: 'archive_path' },
    ],
    [
      'a symbolic link',
      async () => withLink(await zipOf([['link.md', '/etc/passwd']])),
      { failure: 'archive_link', failureDetail: 'link.md' },
    ],
    [
      'the same file twice',
      () =>
        zipOf([
          ['a.md', post('A')],
          ['a.md', post('B')],
        ]),
      { failure: 'archive_twice', failureDetail: 'a.md' },
    ],
    [
      'a file that is a folder too',
      () =>
        zipOf([
          ['a.md', post('A')],
          ['a.md/b.md', post('B')],
        ]),
      { failure: 'archive_twice' },
    ],
    ['a bomb', () => zipOf([['bomb.md', zeros]]), { failure: 'archive_bomb', failureDetail: 'bomb.md' }],
    ['100,000 entries', () => zipOfMany(100_000), { failure: 'archive_too_many', failureDetail: '100000' }],
    [
      'a truncated archive',
      async () =>
        (
          await zipOf([
            ['a.md', post('A')],
            ['b.md', post('B')],
          ])
        ).subarray(0, 150),
      { failure: 'archive_damaged' },
    ],
    [
      'a flipped bit',
      async () => withFlippedBit(await zipOf([['a.md', post('A')]])),
      { failure: 'archive_damaged' },
    ],
    [
      'an encrypted entry',
      async () => encrypted(await zipOf([['a.md', post('A')]])),
      { failure: 'archive_encrypted' },
    ],
    ['an empty archive', () => zipOf([]), { failure: 'unreadable' }],
    ['an archive of pictures', () => zipOf([['a.jpg', 'x']]), { failure: 'unreadable' }],
    ['something else', () => Buffer.from('%PDF-1.7'), { failure: 'unreadable' }],
  ];

  it.each(hostile)('with %s fails with a reason and changes nothing', async (_, make, reason) => {
    const before = await state();
    const job = await imported('upload.zip', await make());
    expect(job).toMatchObject({ state: 'failed', report: null, ...reason });
    expect(job.failureDetail).not.toMatch(/inkwell-import-|\/tmp\/inkwell/);
    expect(await state()).toEqual(before);
  });

  it('that breaks off leaves nothing', async () => {
    const before = await state();
    const cut = async function* (): AsyncGenerator<Buffer> {
      yield zeros;
      await sleep(1);
      throw new Error('The connection was lost');
    };
    await expect(upload('a.zip', zeros, { bytes: cut() })).rejects.toThrow('The connection was lost');
    await expect(upload('empty.zip', Buffer.alloc(0))).rejects.toMatchObject({ status: 422 });
    expect(await state()).toEqual(before);
    expect((await jobs(other).list()).filter((job) => job.state === 'uploading')).toEqual([]);
  });
});

describe('waiting imports', () => {
  it('are few, run one at a time in the whole installation, and can be cancelled', async () => {
    // Stands for an import that another server performs.
    const [{ id }] = (await query<{ id: number }>(
      inkwell,
      `INSERT INTO import_jobs (state, file_name, is_dry_run, should_notify, lease, leased_until)
       VALUES ('running', 'long.zip', false, false, gen_random_uuid(), now() + interval '1 hour') RETURNING id`,
    )) as [{ id: number }];
    const file = Buffer.from(post('Waiting'));
    const waiting = [await upload('1.md', file), await upload('2.md', file), await upload('3.md', file)];
    await expect(upload('4.md', file)).rejects.toMatchObject({ status: 409, code: 'import.too_many' });
    await jobs(other).cancel(waiting[1]!);
    expect(await jobs(inkwell).get(waiting[1]!)).toMatchObject({ state: 'cancelled', imported: 0 });
    expect(await query(inkwell, 'SELECT FROM import_chunks')).toHaveLength(2);
    for (const index of [0, 2]) expect((await jobs(other).get(waiting[index]!)).state).toBe('queued');
    await query(inkwell, `UPDATE import_jobs SET state = 'done', finished_at = now() WHERE id = ${id}`);
    const [first, , third] = [await ended(waiting[0]!), undefined, await ended(waiting[2]!)];
    expect([first.state, third.state]).toEqual(['done', 'done']);
    expect(third.finishedAt!.getTime()).toBeGreaterThanOrEqual(first.finishedAt!.getTime());
    await expect(jobs(other).get(1e9)).rejects.toMatchObject({ status: 404 });
  });

  it('fail when three servers died of them', async () => {
    const [row] = await query<{ id: number }>(
      inkwell,
      `INSERT INTO import_jobs (state, file_name, is_dry_run, should_notify, lease, leased_until, attempts)
       VALUES ('running', 'poison.zip', false, false, gen_random_uuid(), now() - interval '1 second', 3) RETURNING id`,
    );
    expect(await ended(row!.id)).toMatchObject({ state: 'failed', failure: 'workers_died' });
  });
});
