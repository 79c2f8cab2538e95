import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { POSTS } from '../blog/posts.js';
import { api } from '../support/api.js';
import { type SplitInkwell, startSplit } from '../support/start-inkwell.js';
import { query } from '../support/test-database.js';

const EPOCH = '3f2b8c1e-0d6a-4c55-9f0e-7a1b2c3d4e5f';
const TWO_POSTS_OF_TWO = `
  WITH people AS (INSERT INTO users (username, role) VALUES ('one', 'author'), ('two', 'author') RETURNING id, username)
  INSERT INTO posts (slug, title, content, content_html, excerpt, author_id, category_id, tags, tag_slugs, status,
    was_published)
  SELECT 'by-' || username, 'By ' || username, 'x', '<p>x</p>', 'x', id, 1, '{}', '{}', 'published', true FROM people`;

/** A server in place of the users side. */
let answer: (response: ServerResponse) => void;
const odd = createServer((_request, response) => answer(response));
let inkwell: SplitInkwell;

beforeAll(async () => {
  await once(odd.listen(0, '127.0.0.1'), 'listening');
  const linkToUsers = (): string => `http://127.0.0.1:${(odd.address() as AddressInfo).port}`;
  inkwell = await startSplit({ REDIS_URL: '', HTTP_TIMEOUT_SECONDS: '2' }, { linkToUsers });
  await query(inkwell.databaseUrl, TWO_POSTS_OF_TWO);
});
afterAll(async () => {
  await inkwell.close();
  odd.close();
  odd.closeAllConnections();
});

const json = (body: unknown, status = 200) => {
  return (response: ServerResponse): void =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};
const entry = (value: unknown) => ({ value, tags: [] });
const entries = (...values: unknown[]) =>
  json({ epoch: EPOCH, snapshot: '10:10:', entries: values.map(entry) });

describe('the blog side, when what it takes for the users side', () => {
  it.each<[what: string, typeof answer]>([
    ['answers for fewer than it was asked for', entries('one')],
    ['answers for more', entries('one', 'two', 'three')],
    ['answers for nobody', entries()],
    ['answers with something else for a name', entries(1, 2)],
    ['tells no snapshot', json({ epoch: EPOCH, snapshot: 'now', entries: [entry('one'), entry('two')] })],
    ['answers with null', json(null)],
    ['is a page', (response) => response.setHeader('content-type', 'text/html').end('<h1>Welcome</h1>')],
    ['sends elsewhere', (response) => response.writeHead(302, { location: '/login' }).end()],
    ['fails', json({}, 500)],
    ['never ends its answer', (response) => void response.end('x'.repeat(11 * 1024 * 1024))],
  ])('%s, answers 502 with a problem document', async (_, given) => {
    answer = given;
    const response = await api(inkwell.blog).get(POSTS);
    expect(response.status).toBe(502);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(response.body).toMatchObject({ code: 'directory.failed' });
  });

  it('answers rightly afterwards, serves the page', async () => {
    answer = entries('one', 'two');
    const response = await api(inkwell.blog).get<{ author: string }[]>(POSTS);
    expect(response.status).toBe(200);
    expect(response.body.map(({ author }) => author).sort()).toEqual(['one', 'two']);
  });
});
