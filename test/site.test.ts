import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { written } from './blog/posts.js';
import { type Account, registerAndLogin, removeAccount } from './support/accounts.js';
import { api } from './support/api.js';
import { type Inkwell, startInkwell } from './support/start-inkwell.js';

/** As Chromium sends it. */
const BROWSER = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8' };
const HTML = 'text/html; charset=utf-8';

let inkwell: Inkwell;
let ada: Account;
beforeAll(async () => {
  inkwell = await startInkwell();
  ada = await registerAndLogin(inkwell, 'ada');
});
afterAll(() => inkwell.close());

const page = (path: string) => api(inkwell).get<string>(path, undefined, BROWSER);

describe('GET /', () => {
  it('leads to the blog', async () => {
    const { status, headers } = await page('/');
    expect([status, headers.get('location')]).toEqual([302, '/blog/']);
  });
});

describe('GET /blog', () => {
  it('leads to the blog, with the query that came along', async () => {
    const { status, headers } = await page('/blog?tag=tea');
    expect([status, headers.get('location')]).toEqual([301, '/blog/?tag=tea']);
  });
});

describe('GET /blog/', () => {
  it('shows the published posts, newest first, ten a page, with a link to the next one', async () => {
    const titles = Array.from({ length: 12 }, (_, index) => `Entry ${String(index).padStart(2, '0')}`);
    for (const title of titles) await written(inkwell, ada, { title, category_name: 'Paging' });
    await written(inkwell, ada, { title: 'Entry hidden', category_name: 'Paging', status: 'draft' });
    const shown = (body: string): string[] =>
      [...body.matchAll(/>(Entry [^<]+)</g)].map(([, title]) => title!);

    const first = await page('/blog/?category=paging');
    expect(first.status).toBe(200);
    expect(first.headers.get('content-type')).toBe(HTML);
    expect(shown(first.body)).toEqual(titles.toReversed().slice(0, 10));
    const next = /<a href="([^"]+)" rel="next">/.exec(first.body)?.[1]?.replaceAll('&amp;', '&');
    const second = await page(next!);
    expect(shown(second.body)).toEqual(titles.toReversed().slice(10));
    expect(second.body).not.toContain('rel="next"');
    expect(second.body).toContain('<a href="/blog/?category=paging">Newest posts</a>');
  });

  it('shows a post as soon as its author knows that it is published', async () => {
    await page('/blog/?author=ada');
    await written(inkwell, ada, { title: 'Fresh from the press' });
    expect((await page('/blog/?author=ada')).body).toContain('Fresh from the press');
  });

  it('links to categories, tags and authors by filters that lead to the post', async () => {
    await written(inkwell, ada, {
      title: 'Well labelled',
      category_name: '차와 커피',
      tags: ['Node.js', '2026'],
    });
    const { body } = await page('/blog/');
    const article = body.slice(body.indexOf('Well labelled'));
    const links = [...article.matchAll(/href="(\/blog\/\?[^"]+)"/g)].map(([, href]) => href!).slice(0, 4);
    expect(links).toEqual([
      '/blog/?author=ada',
      expect.stringMatching(/^\/blog\/\?category=[a-z-]+$/),
      '/blog/?tag=node-js',
      '/blog/?tag=2026',
    ]);
    for (const link of links) expect((await page(link)).body).toContain('Well labelled');
  });

  it('finds posts by their words', async () => {
    await written(inkwell, ada, { title: 'On quicksilver' });
    const { body } = await page('/blog/?q=quicksilver');
    expect(body).toContain('Search: quicksilver');
    expect(body).toContain('>On quicksilver</a>');
    expect((await page('/blog/?q=nowhere-to-be-found')).body).toContain('There are no posts here.');
  });

  it('ignores parameters it does not know, and values it cannot read', async () => {
    const plain = await page('/blog/');
    for (const query of [
      '?utm_source=news&fbclid=1',
      '?category=&author=',
      '?tag=a&tag=b',
      `?q=${'x'.repeat(300)}`,
    ]) {
      const { status, body } = await page(`/blog/${query}`);
      expect([query, status]).toEqual([query, 200]);
      expect(body).toBe(plain.body);
    }
  });

  it('has an ETag, and answers 304 when the browser has the page already', async () => {
    const { headers } = await page('/blog/');
    expect(headers.get('cache-control')).toBe('public, no-cache');
    const again = await api(inkwell).get('/blog/', undefined, { 'if-none-match': headers.get('etag')! });
    expect(again.status).toBe(304);
  });

  it('refuses a cursor of another list with 400, as a page for browsers', async () => {
    const { status, headers, body } = await page('/blog/?cursor=xyz');
    expect([status, headers.get('content-type')]).toEqual([400, HTML]);
    expect(body).toContain('<a href="/blog/">');
  });
});

describe('GET /blog/posts/:slug', () => {
  it('shows title, date, author, category, tags and content', async () => {
    const post = await written(inkwell, ada, {
      title: 'How to make tea',
      content: 'Boil *water*.\n\n| a | b |\n|---|---|\n| 1 | 2 |',
      category_name: 'Kitchen',
      tags: ['tea'],
    });
    const { status, headers, body } = await page(`/blog/posts/${post.slug}`);
    expect([status, headers.get('content-type')]).toEqual([200, HTML]);
    expect(body).toContain('<title>How to make tea · My blog</title>');
    expect(body).toContain('<h1 dir="auto">How to make tea</h1>');
    expect(body).toContain(`<time datetime="${post.created_at}">`);
    expect(body).toContain('<a href="/blog/?author=ada" rel="author">ada</a>');
    expect(body).toContain('<a href="/blog/?category=kitchen">Kitchen</a>');
    expect(body).toContain('<a href="/blog/?tag=tea" rel="tag">#tea</a>');
    expect(body).toContain('<p>Boil <em>water</em>.</p>');
    expect(body).toContain('<td>1</td>');
    expect(body).toContain('<meta name="description" content="Boil water.');
  });

  it('escapes whatever authors write', async () => {
    const hostile = `"><script>alert(1)</script><img src=x onerror='alert(2)'>`;
    const post = await written(inkwell, ada, {
      title: hostile,
      content: `${hostile}\n\n[link](javascript:alert(3))\n\n<style>body{display:none}</style>`,
      category_name: '<b onclick=alert(4)>',
      tags: [`'"><svg onload=alert(5)>`],
    });
    for (const path of [`/blog/posts/${post.slug}`, '/blog/', `/blog/?q=${encodeURIComponent(hostile)}`]) {
      const { status, body } = await page(path);
      expect(status).toBe(200);
      expect(body).not.toMatch(
        /<script|<style|<svg onload|<b onclick|<[^>]+ on[a-z]+=(?!&)|href="javascript:/i,
      );
    }
    expect((await page(`/blog/posts/${post.slug}`)).body).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });

  it('leads from a former slug, and from the number, to the slug of now', async () => {
    const post = await written(inkwell, ada, { slug: 'first-name' });
    await api(inkwell).patch(`/blog/api/posts/${post.id}`, { slug: 'second-name' }, ada.token);
    for (const reference of ['first-name', String(post.id)]) {
      const { status, headers } = await page(`/blog/posts/${reference}`);
      expect([status, headers.get('location')]).toEqual([301, '/blog/posts/second-name']);
    }
  });

  it('does not show drafts, not even to their authors, until they are published', async () => {
    const draft = await written(inkwell, ada, { status: 'draft' });
    expect((await page(`/blog/posts/${draft.slug}`)).status).toBe(404);
    expect((await api(inkwell).get(`/blog/posts/${draft.slug}`, ada.token)).status).toBe(404);
    await api(inkwell).patch(`/blog/api/posts/${draft.id}`, { status: 'published' }, ada.token);
    expect((await page(`/blog/posts/${draft.slug}`)).status).toBe(200);
  });

  it('names an author whose account is gone without a link', async () => {
    const bob = await registerAndLogin(inkwell, 'bob');
    const { slug } = await written(inkwell, bob);
    expect((await page(`/blog/posts/${slug}`)).body).toContain('rel="author">bob</a>');
    expect((await removeAccount(inkwell, 'bob', bob.token)).status).toBe(204);
    const { body } = await page(`/blog/posts/${slug}`);
    expect(body).toContain('[deleted]');
    expect(body).not.toContain('rel="author"');
  });

  it('knows its public address when that is configured', async () => {
    const known = await startInkwell({ PUBLIC_URL: 'https://blog.example.org' });
    try {
      const { slug } = await written(known, await registerAndLogin(known, 'ada'));
      const response = await fetch(`${known.url}/blog/posts/${slug}`);
      expect(await response.text()).toContain(
        `<link rel="canonical" href="https://blog.example.org/blog/posts/${slug}" />`,
      );
    } finally {
      await known.close();
    }
  });

  it.each([
    '/blog/posts/never-written',
    '/blog/posts/%3Cb%3E',
    '/blog/posts/9e99',
    '/blog/nowhere',
    '/blog/posts/',
  ])('answers %s with 404: a page for browsers, a problem document for programs', async (path) => {
    const people = await page(path);
    expect([people.status, people.headers.get('content-type')]).toEqual([404, HTML]);
    expect(people.headers.get('vary')).toContain('Accept');
    expect(people.body).toContain('<a href="/blog/">All posts</a>');
    const program = await api(inkwell).get(path);
    expect(program.status).toBe(404);
    expect(program.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(program.body).toMatchObject({ status: 404 });
  });

  it('keeps problem documents for the API, whatever is asked for', async () => {
    const { status, headers } = await page('/blog/api/posts/never-written');
    expect(status).toBe(404);
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });
});

describe('GET /blog/assets/site.css', () => {
  it('is linked by every page and may be kept for ever', async () => {
    const { body } = await page('/blog/');
    const href = /<link rel="stylesheet" href="([^"]+)"/.exec(body)?.[1];
    const { status, headers, body: css } = await page(href!);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/css; charset=utf-8');
    expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(css).toContain('prefers-color-scheme: dark');
  });
});
