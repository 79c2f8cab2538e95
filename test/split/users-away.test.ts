import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Account, registerAndLogin } from '../support/accounts.js';
import { api, type ApiResponse } from '../support/api.js';
import { LONG_LEASE, type SplitInkwell, startSplit } from '../support/start-inkwell.js';
import { query } from '../support/test-database.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { POSTS, written } from '../blog/posts.js';

let inkwell: SplitInkwell;
let link: TcpProxy;
let ada: Account;
let known: string;
let unknown: string;

/** As after an import, so that the blog side has no cached name of its author. */
const POST_OF_A_STRANGER = `
  WITH stranger AS (INSERT INTO users (username, role) VALUES ('stranger', 'author') RETURNING id)
  INSERT INTO posts (slug, title, content, content_html, excerpt, author_id, category_id, tags, tag_slugs, status,
    was_published)
  SELECT 'by-a-stranger', 'By a stranger', 'x', '<p>x</p>', 'x', id, 1, '{}', '{}', 'published', true FROM stranger`;

beforeEach(async () => {
  const linkToUsers = async (url: string): Promise<string> => {
    link = await TcpProxy.to(url);
    return link.through(url);
  };
  // Without the tier that outlives a process, so that only this process has cached values.
  inkwell = await startSplit({ ...LONG_LEASE, REDIS_URL: '', HTTP_TIMEOUT_SECONDS: '2' }, { linkToUsers });
  ada = await registerAndLogin(inkwell, 'ada');
  known = `${POSTS}/${(await written(inkwell, ada)).id}`;
  unknown = `${POSTS}/by-a-stranger`;
  await query(inkwell.databaseUrl, POST_OF_A_STRANGER);
  await get(known);
});
afterEach(async () => {
  await link.close();
  await inkwell.close();
});

const get = (path: string, token?: string): Promise<ApiResponse<Record<string, unknown>>> =>
  api(inkwell.blog).get(path, token);

function expectAway(response: ApiResponse<Record<string, unknown>>): void {
  expect(response.status).toBe(503);
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(response.headers.get('retry-after')).toBe('1');
  expect(response.body).toMatchObject({
    code: 'service.unavailable',
    detail: 'The accounts cannot be reached.',
  });
}

async function expectOnlyKnownReads(): Promise<void> {
  const hit = await get(known);
  expect(hit.status).toBe(200);
  expect(hit.headers.get('cache-status')).toBe('inkwell; hit');
  expect(hit.body['author']).toBe('ada');
  expect((await get('/blog/api/categories')).status).toBe(200);
  expect((await get('/readyz')).status).toBe(200);
  expectAway(await get(unknown));
}

describe('the blog side, while the users side', () => {
  it('refuses connections, answers what it has, and the rest with 503', async () => {
    link.set('refuse');
    await expectOnlyKnownReads();
    expectAway(await get(`${POSTS}?status=draft`, (await registerAndLogin(inkwell, 'late')).token));
  });

  it('is silent, answers what it has, and the rest with 503 in time', async () => {
    link.set('swallow');
    const startedAt = performance.now();
    await expectOnlyKnownReads();
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  });

  it('is back, serves all again by itself', async () => {
    link.set('refuse');
    for (let call = 0; call < 5; call += 1) expectAway(await get(unknown));
    link.set('pass');
    const deadline = Date.now() + 25_000;
    while ((await get(unknown)).status !== 200 && Date.now() < deadline) await sleep(200);
    expect((await get(unknown)).body['author']).toBe('stranger');
  });

  it('is killed, answers what it has, and the rest with 503', async () => {
    await inkwell.users.stop();
    await expectOnlyKnownReads();
  });
});

describe('the blog side with another token than the users side', () => {
  it('answers 502 where it needs to ask', async () => {
    const other = await startSplit({}, { tokenOfBlog: 'another-token-of-more-than-32-bytes' });
    try {
      const response = await api(other.blog).get(`${POSTS}?author=ada`);
      expect(response.status).toBe(502);
      expect(response.body).toMatchObject({ code: 'directory.failed' });
      expect(response.headers.get('retry-after')).toBe('1');
    } finally {
      await other.close();
    }
  });
});
