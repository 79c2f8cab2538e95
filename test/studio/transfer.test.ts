import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fromBufferPromise } from 'yauzl';
import { promote } from '../support/accounts.js';
import { hugoBlog } from '../support/blogs/hugo-blog.js';
import { post, zipOf, zipOfFolder } from '../support/blogs/zip.js';
import { query } from '../support/database.js';
import { makeDataFolder, ServerProcess } from '../support/server-process.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';
import { storedPosts } from '../support/stored-posts.js';
import { createTestDatabase } from '../support/test-database.js';
import { signedIn, type StudioBrowser } from '../support/studio.js';

const PAGE = '/studio/transfer';

let inkwell: Inkwell;
let other: Inkwell;
let root: StudioBrowser;
beforeAll(async () => {
  inkwell = await startInkwell();
  other = await startInkwell({}, { databaseUrl: inkwell.databaseUrl });
  root = await signedIn(inkwell, 'root-1');
  await promote(inkwell, 'root-1', 'admin');
});
afterAll(async () => {
  await other.close();
  await inkwell.close();
});

interface Sender {
  readonly at?: Pick<Inkwell, 'url'>;
  readonly by?: StudioBrowser;
  readonly headers?: Record<string, string>;
}

/** Sends the form as a browser does, with the file last. */
function upload(
  file: { name: string; bytes: Buffer },
  fields: Record<string, string> = {},
  { at = inkwell, by = root, headers = {} }: Sender = {},
): Promise<Response> {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  body.append('file', new Blob([new Uint8Array(file.bytes)]), file.name);
  const { origin } = new URL(at.url);
  return fetch(at.url + PAGE, {
    ...{ method: 'POST', body, redirect: 'manual' },
    headers: { accept: 'text/html', origin, cookie: by.cookie, ...headers },
  });
}

/** @returns the page of the import once it has ended */
async function endOf(page: string, by: StudioBrowser): Promise<string> {
  for (;;) {
    const { status, body } = await by.get(page);
    if (status !== 200) throw new Error(`${page} answered ${status}`);
    if (!body.includes('http-equiv="refresh"')) return body;
    await sleep(50);
  }
}

const counts = (): Promise<object[]> =>
  query(inkwell, `SELECT (SELECT count(*) FROM posts) AS posts, (SELECT count(*) FROM import_jobs) AS jobs`);

describe('an upload in the Studio', () => {
  it('is taken by one replica, and another shows how it ends, in both languages', async () => {
    const archive = await zipOf([
      ['site/good.md', post('Good')],
      ['site/bad.md', '---\ntitle: [\n---\n\nText.\n'],
    ]);
    const { status, headers } = await upload({ name: 'site.zip', bytes: archive });
    expect(status).toBe(303);
    const page = headers.get('location')!;
    const body = await endOf(page, root.at(other));
    expect(body).toContain('finished with losses');
    expect(body).toContain('1 imported (0 drafts), 0 unchanged, 1 broken, 0 left out');
    expect(body).toMatch(/<code>bad\.md:\d+<\/code>/);
    const korean = await root.at(other).get(PAGE, { 'accept-language': 'ko' });
    expect(korean.body).toContain('일부 누락된 채 완료');
    expect(korean.body).toContain('site.zip');
  });

  it('writes nothing in a dry run', async () => {
    const before = await storedPosts(inkwell.databaseUrl);
    const { headers } = await upload(
      { name: 'dry.md', bytes: Buffer.from(post('Dry')) },
      { dry_run: 'true' },
    );
    expect(await endOf(headers.get('location')!, root)).toContain('1 would be imported');
    expect(await storedPosts(inkwell.databaseUrl)).toEqual(before);
  });

  it('that is hostile fails with the reason, as text', async () => {
    const name = '../<img src=x onerror=alert(1)>.md';
    const { headers } = await upload({ name: 'evil.zip', bytes: await zipOf([[name, post('Evil')]]) });
    const body = await endOf(headers.get('location')!, root);
    expect(body).toContain('leads out of its folder');
    expect(body).not.toContain('<img');
  });

  it('of a reader, a visitor or another site is refused and changes nothing', async () => {
    const before = await counts();
    const file = { name: 'a.md', bytes: Buffer.from(post('A')) };
    const reader = await signedIn(inkwell, 'reader-1');
    expect((await upload(file, {}, { by: reader })).status).toBe(403);
    expect((await reader.get(PAGE)).status).toBe(403);
    expect((await reader.post(`${PAGE}/export`)).status).toBe(403);
    const site = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    expect((await upload(file, {}, { headers: site })).status).toBe(403);
    expect((await root.post(`${PAGE}/export`, {}, site)).status).toBe(403);
    expect((await upload(file, {}, { headers: { cookie: '' } })).status).toBe(401);
    expect(await counts()).toEqual(before);
  });

  it('that is empty, absent or too large is refused with the form', async () => {
    const before = await counts();
    expect((await upload({ name: 'empty.zip', bytes: Buffer.alloc(0) })).status).toBe(422);
    const none = await upload({ name: '', bytes: Buffer.alloc(0) });
    expect(none.status).toBe(400);
    expect(await none.text()).toContain('enctype="multipart/form-data"');
    expect(await tooLarge()).toMatch(/^HTTP\/1\.1 413 /);
    expect(await counts()).toEqual(before);
    expect((await root.get(`${PAGE}/999999`)).status).toBe(404);
  });

  it('that is refused is read to its end, because browsers show the answer only then', async () => {
    // Stand for imports that other servers perform.
    await query(
      inkwell,
      `INSERT INTO import_jobs (file_name, is_dry_run, should_notify, leased_until)
       SELECT 'busy.zip', false, false, now() + interval '1 hour' FROM generate_series(1, 4)`,
    );
    const { origin } = new URL(inkwell.url);
    const request = httpRequest(inkwell.url + PAGE, {
      method: 'POST',
      headers: { origin, cookie: root.cookie, 'content-type': 'multipart/form-data; boundary=x' },
    });
    const answered = once(request, 'response') as Promise<[IncomingMessage]>;
    const isSent = once(request, 'finish');
    const head = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.zip"\r\n\r\n';
    request.end(
      Buffer.concat([Buffer.from(head), Buffer.alloc(32 * 1024 ** 2), Buffer.from('\r\n--x--\r\n')]),
    );
    const [answer] = await answered;
    expect(answer.statusCode).toBe(409);
    answer.resume();
    await isSent;
    await query(inkwell, `DELETE FROM import_jobs WHERE file_name = 'busy.zip'`);
  });
});

/** Announces a gigabyte. @returns the start of the answer, which comes before the body */
async function tooLarge(): Promise<string> {
  const { hostname, port, origin } = new URL(inkwell.url);
  const socket = connect(Number(port), hostname);
  const head = [
    `POST ${PAGE} HTTP/1.1`,
    `Host: ${hostname}:${port}`,
    `Origin: ${origin}`,
    `Cookie: ${root.cookie}`,
    'Content-Type: multipart/form-data; boundary=x',
    `Content-Length: ${1024 ** 3}`,
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  for await (const chunk of socket) {
    socket.destroy();
    return String(chunk);
  }
  return '';
}

describe('the export', () => {
  it('downloads every post as Markdown, which an upload reads back', async () => {
    const response = await fetch(`${other.url}${PAGE}/export`, {
      method: 'POST',
      headers: { origin: other.url, cookie: root.cookie },
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/zip');
    expect(response.headers.get('content-disposition')).toMatch(
      /^attachment; filename="export-[\d-]+\.zip"$/,
    );
    const archive = Buffer.from(await response.arrayBuffer());
    const zip = await fromBufferPromise(archive, { lazyEntries: true });
    const posts = await storedPosts(inkwell.databaseUrl);
    expect(zip.entryCount).toBe(posts.length);
    await query(inkwell, 'DELETE FROM posts');
    await query(inkwell, 'DELETE FROM imported_posts');
    const { headers } = await upload({ name: 'back.zip', bytes: archive });
    await endOf(headers.get('location')!, root);
    expect(await storedPosts(inkwell.databaseUrl)).toEqual(posts);
  });
});

describe('an import whose server is killed', () => {
  it('is continued by another server, with every post once and all of them counted', async () => {
    const many = 1_300;
    const database = await createTestDatabase();
    const separate = await startInkwell({}, { databaseUrl: database.url });
    const folder = makeDataFolder();
    const environment = {
      ...{ DATABASE_URL: database.url, DATA_DIR: folder.path, WELCOME: 'false', NODE_ENV: 'test' },
      AUTH_SECRET: 'the-signing-key-of-the-tests-0123456789',
    };
    const admin = await signedIn(separate, 'root-2');
    await promote(separate, 'root-2', 'admin');
    const countPosts = async (): Promise<number> => (await storedPosts(database.url)).length;
    // Only the server that is killed may take the job.
    await separate.close();
    const first = ServerProcess.start(environment);
    let second: ServerProcess | undefined;
    try {
      const at = { url: await first.address() };
      const blog = hugoBlog(many);
      const bytes = await zipOfFolder(blog.path);
      blog.remove();
      const { headers, status } = await upload({ name: 'many.zip', bytes }, {}, { at, by: admin });
      expect(status).toBe(303);
      while ((await countPosts()) === 0) await sleep(5);
      first.signal('SIGKILL');
      await first.ended();
      expect(await countPosts()).toBeLessThan(many);
      second = ServerProcess.start(environment);
      const page = await endOf(headers.get('location')!, admin.at({ url: await second.address() }));
      expect(page).toMatch(/1300 imported \(\d+ drafts\), 0 unchanged/);
      expect(page).toContain('another one continued it');
      const posts = await storedPosts(database.url);
      expect(new Set(posts.map(({ title }) => title)).size).toBe(many);
      expect(posts).toHaveLength(many);
    } finally {
      for (const server of [first, second]) server?.signal('SIGKILL');
      await second?.ended();
      folder.remove();
      await database.drop();
    }
  });
});
