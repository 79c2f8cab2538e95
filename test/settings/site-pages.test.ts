import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { written } from '../blog/posts.js';
import { type Account, promote, registerAndLogin } from '../support/accounts.js';
import { api } from '../support/api.js';
import { query } from '../support/database.js';
import { untilHits } from '../support/hits.js';
import { type Inkwell, LONG_LEASE, startInkwell } from '../support/start-inkwell.js';

const BROWSER = { accept: 'text/html' };

let inkwell: Inkwell;
/** Another process on the same database. */
let replica: Inkwell;
let root: Account;
let slug: string;
beforeAll(async () => {
  inkwell = await startInkwell(LONG_LEASE);
  replica = await startInkwell(LONG_LEASE, { databaseUrl: inkwell.databaseUrl });
  root = await registerAndLogin(inkwell, 'rooty');
  await promote(inkwell, 'rooty', 'admin');
  for (const title of ['One', 'Two', 'Three'])
    await written(inkwell, root, { title, content: '차.', category_name: 'Tea', tags: ['green'] });
  ({ slug } = await written(inkwell, root, { title: 'On tea', content: '차.', category_name: 'Tea' }));
  // The evening of the last day of 2025 in Greenwich is the first day of 2026 in Seoul.
  await query(inkwell, `UPDATE posts SET created_at = '2025-12-31T20:00:00Z' WHERE slug = '${slug}'`);
});
afterAll(async () => {
  await replica.close();
  await inkwell.close();
});

const page = async (path: string, on = inkwell): Promise<string> =>
  (await api(on).get<string>(path, undefined, BROWSER)).body;
const set = async (changes: unknown): Promise<void> => {
  const { status, body } = await api(inkwell).patch('/api/site', changes, root.token);
  if (status !== 200) throw new Error(JSON.stringify(body));
};

const pages = (): string[] => ['/blog/', '/blog/?tag=green', '/blog/categories', `/blog/posts/${slug}`];

describe('every page', () => {
  it('carries the name of the blog, and no other', async () => {
    await set({ title: 'Notes on tea' });
    for (const path of pages()) {
      const body = await page(path);
      expect(body).toMatch(/<title>(?:[^<]+ · )?Notes on tea<\/title>/);
      expect(body).toContain('<a class="name" href="/blog/">Notes on tea</a>');
      expect(body.replace('Published with Inkwell', '')).not.toContain('Inkwell');
    }
  });

  it('escapes what an administrator writes', async () => {
    const hostile = `"><script>alert(1)</script>`;
    await set({
      title: hostile,
      description: hostile,
      footer: `${hostile} <b style="color:red" onclick="x">b</b>`,
      navigation: [{ label: hostile, url: '/"><script>alert(2)</script>'.replaceAll(' ', '') }],
    });
    for (const path of [...pages(), '/blog/nowhere']) {
      expect(await page(path)).not.toMatch(/<script|<[^>]+ (?:on[a-z]+|style)=(?!&)/i);
    }
    await set({ title: null, description: null, footer: null, navigation: null });
  });

  it('has links and a footer when there are any', async () => {
    expect(await page('/blog/')).not.toContain('class="links"');
    await set({
      navigation: [{ label: 'About', url: '/blog/posts/about' }],
      footer: 'By *Ada*. [Imprint](/imprint)',
    });
    for (const path of [...pages(), '/blog/nowhere']) {
      const body = await page(path);
      expect(body).toContain('<a href="/blog/posts/about">About</a>');
      expect(body).toContain('<p>By <em>Ada</em>. <a href="/imprint">Imprint</a></p>');
    }
  });

  it('has a style sheet with the accent colour, for light and dark', async () => {
    await set({ accent_color: '#ffee00' });
    const hrefs = await Promise.all(
      pages().map(async (path) => /<link rel="stylesheet" href="([^"]+)"/.exec(await page(path))?.[1]),
    );
    expect(new Set(hrefs).size).toBe(1);
    const href = hrefs[0]!.replaceAll('&amp;', '&');
    expect(href).toMatch(/^\/blog\/assets\/site\.css\?v=[\w-]{10}&accent=ffee00$/);
    const { headers, body: css } = await api(inkwell).get<string>(href);
    expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    const accents = [...css.matchAll(/--accent: ?(#[0-9a-f]{6})/g)].map(([, color]) => color);
    // Yellow cannot be read on white.
    expect(accents.slice(-2)).toEqual([expect.stringMatching(/^#[0-9a-f]{6}$/), '#ffee00']);
    expect(accents.at(-2)).not.toBe('#ffee00');
  });

  it('does not let a browser keep a style sheet that its address does not name', async () => {
    for (const search of ['', '?v=another', '?v=another&accent=ffee00', '?accent=red;}']) {
      const { status, headers } = await api(inkwell).get(`/blog/assets/site.css${search}`);
      expect([search, status, headers.get('cache-control')]).toEqual([search, 200, 'no-cache']);
    }
  });
});

describe('the Content-Security-Policy of a page', () => {
  it.each(['/blog/', '/blog/categories', '/blog/nowhere', '/blog/?cursor=x'])(
    'allows %s its own style sheet and media, no script and nothing inline',
    async (path) => {
      for (let round = 0; round < 3; round += 1) {
        const { headers } = await api(inkwell).get(path, undefined, BROWSER);
        const policy = headers.get('content-security-policy')?.split(/; ?/);
        expect(policy).toEqual(
          expect.arrayContaining([
            "default-src 'none'",
            "script-src 'none'",
            "style-src 'self'",
            "base-uri 'none'",
          ]),
        );
        expect(policy?.join(' ')).not.toMatch(/unsafe|data:|nonce/);
      }
    },
  );

  it('breaks no page, because none has a style of its own', async () => {
    await written(inkwell, root, {
      title: '꾸민 글',
      slug: 'styled',
      content: '<p style="color:red">x</p>\n\n|a|b|\n|:-:|--:|\n|1|2|',
    });
    for (const path of [...pages(), '/blog/posts/styled'])
      expect(await page(path)).not.toMatch(/ style=|<style|<script| on[a-z]+=|data:/);
  });
});

describe('the language and the time zone', () => {
  it('are English and UTC at first', async () => {
    const body = await page(`/blog/posts/${slug}`);
    expect(body).toContain('<html lang="en">');
    expect(body).toContain('>December 31, 2025</time>');
  });

  it('are those of texts and dates on every page', async () => {
    await set({ language: 'ko', time_zone: 'Asia/Seoul' });
    const all = await Promise.all(
      [...pages(), '/blog/?q=nothing', '/blog/nowhere'].map((path) => page(path)),
    );
    for (const body of all) {
      expect(body).toContain('<html lang="ko">');
      expect(body).toContain('>검색</button>');
      // Only names, addresses and the authors' texts are still in English.
      const text = body
        .replaceAll(/<[^>]+>/g, ' ')
        .replaceAll(
          /Inkwell로|API|My blog|Tea|One|Two|Three|On tea|rooty|green|nothing|About|Ada|Imprint|General|By|Text/g,
          '',
        );
      expect(text.match(/[a-z]{3,}/gi)).toBeNull();
    }
    expect(await page(`/blog/posts/${slug}`)).toContain('>2026년 1월 1일</time>');
    expect(await page('/blog/nowhere')).toContain('페이지를 찾을 수 없습니다');
    await set({ language: 'en', time_zone: 'UTC' });
  });

  it('do not break pages when the database has ones of another release', async () => {
    await query(inkwell, `UPDATE site SET language = 'tlh', time_zone = 'Mars/Olympus_Mons'`);
    await api(inkwell).patch('/api/site', { description: 'Changed.' }, root.token);
    expect(await page(`/blog/posts/${slug}`)).toContain('>December 31, 2025</time>');
    await set({ language: 'en', time_zone: 'UTC' });
  });
});

describe('the number of posts on a page', () => {
  it('is that of the settings', async () => {
    await set({ posts_per_page: 2 });
    const first = await page('/blog/?category=tea');
    expect(first.match(/<article class="summary">/g)).toHaveLength(2);
    const next = /<a href="([^"]+)" rel="next">/.exec(first)?.[1]?.replaceAll('&amp;', '&');
    expect((await page(next!)).match(/<article class="summary">/g)).toHaveLength(2);
    await set({ posts_per_page: null });
  });
});

describe('a changed setting', () => {
  it('shows on every replica with the next request after the answer to the change, also where pages were cached', async () => {
    const paths = [...pages(), '/api/site'];
    const ask = (path: string, on: Inkwell) => api(on).get<unknown>(path, undefined, BROWSER);
    for (let round = 1; round <= 10; round += 1) {
      for (const on of [inkwell, replica]) for (const path of paths) await untilHits(() => ask(path, on));
      const title = `Round ${round}.`;
      await set({ title });
      const seen = await Promise.all(
        [inkwell, replica].flatMap((on) => [...paths, '/blog/nowhere'].map((path) => ask(path, on))),
      );
      for (const { body } of seen) expect(JSON.stringify(body)).toContain(title);
    }
  });
});
