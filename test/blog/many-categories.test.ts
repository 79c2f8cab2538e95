import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Account, promote, registerAndLogin } from '../support/accounts.js';
import { api } from '../support/api.js';
import { query } from '../support/database.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';
import { newPost, POSTS, write, written } from './posts.js';

let inkwell: Inkwell;
let ada: Account;
beforeAll(async () => {
  inkwell = await startInkwell({ RATE_LIMIT_NEW_CATEGORIES: '20' });
  ada = await registerAndLogin(inkwell, 'ada');
});
afterAll(() => inkwell.close());

const page = (path: string) => api(inkwell).get<string>(path);

/** Creates a published post in each of the new categories `Number first` to `Number last`, without the application. */
const fill = (first: number, last: number) =>
  query(
    inkwell,
    `WITH made AS (
       INSERT INTO categories (name, slug, color)
       SELECT 'Number ' || n, 'number-' || n, '#1f5fae' FROM generate_series($1::integer, $2::integer) AS n
       RETURNING id, slug
     )
     INSERT INTO posts (slug, title, content, content_html, excerpt, author_id, category_id, status, was_published)
     SELECT 'in-' || slug, 'In ' || slug, '', '', '', $3, id, 'published', true FROM made`,
    [first, last, ada.id],
  );

/** Slugs of the categories that the navigation or the page of all categories links to. */
function linked(body: string): string[] {
  const [part = ''] = /class="categories"[^]*?<\/ul>/.exec(body) ?? [];
  return [...part.matchAll(/href="\/blog\/\?category=([^"]+)"/g)].map(([, slug]) => slug!);
}

describe('pages of a blog of 200 categories', () => {
  beforeAll(async () => {
    await fill(1, 200);
    for (let n = 0; n < 2; n += 1) await written(inkwell, ada, { category_name: 'Number 150' });
  });

  it('link to the 30 with the most posts, and to the page of all', async () => {
    for (const path of ['/blog/', '/blog/?category=number-7']) {
      const { body } = await page(path);
      const slugs = linked(body);
      expect([path, slugs.length, slugs[0]]).toEqual([path, 30, 'number-150']);
      expect(body).toContain('<a href="/blog/categories">All 200 categories</a>');
      expect(body.length).toBeLessThan(30_000);
    }
    expect((await page('/blog/?category=number-7')).body).toMatch(/<h1[^>]*>Number 7<\/h1>/);
  });

  it('have all 200 at /blog/categories, by name, and a new one as soon as its post is published', async () => {
    const slugs = linked((await page('/blog/categories')).body);
    expect(new Set(slugs).size).toBe(200);
    expect(slugs.slice(0, 3)).toEqual(['number-1', 'number-10', 'number-100']);
    expect(linked((await page('/blog/categories?page=none&utm_source=x')).body)).toEqual(slugs);
    await written(inkwell, ada, { category_name: 'Aardvarks' });
    expect(linked((await page('/blog/categories')).body)).toEqual(['aardvarks', ...slugs]);
  });

  it('have 500 categories at most at once, and a link to the next ones', async () => {
    await fill(201, 699);
    await written(inkwell, ada, { category_name: 'Zebras' });
    const first = await page('/blog/categories');
    expect(linked(first.body)).toHaveLength(500);
    const next = /<a href="([^"]+)" rel="next">/.exec(first.body)?.[1];
    const second = await page(next!);
    expect(linked(second.body)).toHaveLength(201);
    expect(second.body).not.toContain('rel="next"');
    expect(new Set([...linked(first.body), ...linked(second.body)]).size).toBe(701);
    expect((await page('/blog/categories?page=9')).body).toContain('There are no categories here.');
    expect(await api(inkwell).get('/blog/api/categories')).toMatchObject({ body: { length: 702 } });
  });
});

describe('the 21st new category of an author in a day', () => {
  const stored = async () => {
    const [row] = await query(
      inkwell,
      `SELECT (SELECT count(*) FROM categories) AS categories, (SELECT count(*) FROM posts) AS posts,
         (SELECT sum(version) FROM posts) AS versions, (SELECT count(*) FROM outbox) AS events`,
    );
    return row;
  };

  it('is refused with 429, whether it is for a new post or another one, and nothing changes', async () => {
    const bob = await registerAndLogin(inkwell, 'bob');
    const first = newPost({ category_name: 'Of Bob 1' });
    const keyed = () => api(inkwell).post(POSTS, first, bob.token, { 'idempotency-key': 'first' });
    expect((await keyed()).status).toBe(201);
    const { id } = await written(inkwell, bob, { category_name: 'Of Bob 2' });
    for (let n = 3; n <= 20; n += 1)
      expect(
        (await api(inkwell).patch(`${POSTS}/${id}`, { category_name: `Of Bob ${n}` }, bob.token)).status,
      ).toBe(200);
    const before = await stored();
    const change = newPost({ category_name: 'Of Bob 21' });
    for (const { status, body, headers } of [
      await api(inkwell).post(POSTS, change, bob.token),
      await api(inkwell).put(`${POSTS}/${id}`, change, bob.token),
      await api(inkwell).patch(`${POSTS}/${id}`, { category_name: 'Of Bob 21' }, bob.token),
    ]) {
      expect([status, body]).toEqual([429, expect.objectContaining({ code: 'request.rate_limited' })]);
      expect(body).toMatchObject({ detail: expect.stringContaining('20 new categories') });
      expect(headers.get('ratelimit-policy')).toBe('"new-category";q=20;w=86400');
      expect(headers.get('ratelimit')).toMatch(/^"new-category";r=0;t=\d+$/);
      const seconds = Number(headers.get('retry-after'));
      expect(seconds).toBeGreaterThan(86_000);
      expect(seconds).toBeLessThanOrEqual(86_400);
    }
    expect(await stored()).toEqual(before);
    // Existing categories can be used, and repeated requests get their stored answers.
    expect(await written(inkwell, bob, { category_name: 'OF BOB 20' })).toMatchObject({
      category: { name: 'Of Bob 20' },
    });
    expect((await keyed()).status).toBe(201);
    // The window has ended.
    await query(inkwell, `UPDATE rate_limits SET expire = 1 WHERE key = $1`, [
      `inkwell:limit:new-category:${bob.id}`,
    ]);
    expect((await api(inkwell).post(POSTS, change, bob.token)).status).toBe(201);
  });

  it('is refused when all come at once', async () => {
    const eve = await registerAndLogin(inkwell, 'eve');
    const answers = await Promise.all(
      Array.from({ length: 25 }, (_, n) => write(inkwell, eve, { category_name: `Of Eve ${n}` })),
    );
    const statuses = Map.groupBy(answers, ({ status }) => status);
    expect([statuses.get(201)?.length, statuses.get(429)?.length]).toEqual([20, 5]);
  });

  it('is refused alike when only a draft of somebody else has it', async () => {
    const kim = await registerAndLogin(inkwell, 'kim');
    await written(inkwell, ada, { category_name: 'Secret', status: 'draft' });
    for (let n = 1; n <= 20; n += 1) await written(inkwell, kim, { category_name: `Of Kim ${n}` });
    expect((await write(inkwell, kim, { category_name: 'Secret' })).status).toBe(429);
  });

  it('is made for an administrator', async () => {
    const root = await registerAndLogin(inkwell, 'root-1');
    await promote(inkwell, 'root-1', 'admin');
    for (let n = 1; n <= 21; n += 1)
      expect((await write(inkwell, root, { category_name: `Of Root ${n}` })).status).toBe(201);
  });
});
