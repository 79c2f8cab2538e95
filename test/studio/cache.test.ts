import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { promote } from '../support/accounts.js';
import { api } from '../support/api.js';
import { outboxOf } from '../support/database.js';
import { type Inkwell, LONG_LEASE, startInkwell } from '../support/start-inkwell.js';
import { signedIn, StudioBrowser } from '../support/studio.js';

// Without Redis, each process has to load an answer for itself.
const SETTINGS = { ...LONG_LEASE, REDIS_URL: '' };

let inkwell: Inkwell;
let other: Inkwell;
let root: StudioBrowser;
beforeAll(async () => {
  inkwell = await startInkwell(SETTINGS);
  other = await startInkwell(SETTINGS, { databaseUrl: inkwell.databaseUrl });
  root = await signedIn(inkwell, 'root-1');
  await promote(inkwell, 'root-1', 'admin');
});
afterAll(async () => {
  await other.close();
  await inkwell.close();
});

const statusAt = async (on: Inkwell, path: string): Promise<string | null> =>
  (await api(on).get(path, undefined, { 'accept-encoding': 'identity' })).headers.get('cache-status');

describe('GET /studio/cache', () => {
  it('shows what the caches of every process did, as plots and tables', async () => {
    for (const on of [inkwell, other])
      for (let i = 0; i < 2; i += 1) await api(on).get('/blog/api/categories');
    const { status, headers, body } = await root.get('/studio/cache');
    expect(status).toBe(200);
    expect(headers.get('refresh')).toBe('15; url=/studio/cache');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toMatch(/<svg[^>]*role="img"[^>]*aria-label="Hit ratio of categories/s);
    const row = /<td>categories<\/td>\s*<td>(\d+)<\/td>\s*<td>([\d.]+)%<\/td>/.exec(body);
    expect(row?.slice(1)).toEqual(['4', '50']);
    expect(body.match(/holds a lease/g)).toHaveLength(2);
    expect(body.match(/>\s*answered\s*</g)).toHaveLength(2);
    // No script but the one that erases the journal at the sign-out.
    expect(body).not.toMatch(/<script(?! type="module" src="\/studio\/assets\/sign-out-)|style="/);
  });

  it('stops refreshing on request', async () => {
    const { headers, body } = await root.get('/studio/cache?live=no');
    expect(headers.get('refresh')).toBeNull();
    expect(body).toContain('This page does not refresh by itself.');
  });

  it('speaks Korean', async () => {
    const { body } = await root.get('/studio/cache', { 'accept-language': 'ko' });
    expect(body).toContain('<html lang="ko">');
    expect(body).toContain('적중률');
  });

  it.each(['/studio/cache', '/studio/cache/inspect'])('%s is for administrators', async (path) => {
    const author = await signedIn(inkwell, `author-${path.length}`);
    expect((await author.get(path)).status).toBe(403);
    const visitor = await new StudioBrowser(inkwell).get(path);
    expect([visitor.status, visitor.location]).toEqual([
      303,
      `/studio/sign-in?${new URLSearchParams({ next: path }).toString()}`,
    ]);
  });
});

describe('explaining', () => {
  it('says how the next request is answered, and what is held', async () => {
    await api(inkwell).get('/blog/api/categories');
    const { status, body } = await root.get('/studio/cache/inspect?path=/blog/api/categories');
    expect(status).toBe(200);
    expect(body).toContain('hits the cache');
    expect(body).toContain('path:/blog/api/categories');
    expect(body).toContain('value="/blog/api/categories"');
  });

  it.each([
    ['/studio/sign-in', 404],
    ['/%00', 400],
    ['x'.repeat(3_000), 400],
    ['"><script>alert(1)</script>', 404],
  ])('refuses %s and keeps what was typed', async (path, expected) => {
    const { status, body } = await root.get(
      `/studio/cache/inspect?${new URLSearchParams({ path }).toString()}`,
    );
    expect(status).toBe(expected);
    expect(body).toContain('aria-invalid="true"');
    expect(body).not.toContain('<script>');
  });
});

describe('POST /studio/cache/purge', () => {
  it.each([
    ['path', '/blog/api/categories'],
    ['tag', 'categories'],
    ['all', 'true'],
  ])('purges by %s in every process', async (kind, value) => {
    for (const on of [inkwell, other]) {
      await statusAt(on, '/blog/api/categories');
      expect(await statusAt(on, '/blog/api/categories')).toBe('inkwell; hit');
    }
    const { status, location } = await root.post('/studio/cache/purge', { [kind]: value });
    expect([status, location]).toEqual([
      303,
      expect.stringMatching(/^\/studio\/cache\/inspect\?evicted=[1-9]/),
    ]);
    for (const on of [other, inkwell])
      expect(await statusAt(on, '/blog/api/categories')).toContain('fwd=miss');
    expect((await root.get(location!)).body).toContain('Purged in every process.');
  });

  it('refuses what names nothing, and purges nothing', async () => {
    const purge = async () => {
      for (const fields of [
        {},
        { tag: ' ' },
        { tag: 'a', path: '/b' },
        { path: '/%zz' },
        { tag: 'a', role: 'x' },
      ]) {
        const { status, body } = await root.post('/studio/cache/purge', fields);
        expect([status, body]).toEqual([400, expect.stringContaining('role="alert"')]);
      }
    };
    expect(await outboxOf(inkwell, purge)).toEqual([]);
  });

  it('refuses other sites and other people', async () => {
    const author = await signedIn(inkwell, 'author-2');
    const purge = async () => {
      const crossSite = await root.post(
        '/studio/cache/purge',
        { all: 'true' },
        { origin: 'https://evil.example' },
      );
      expect(crossSite.status).toBe(403);
      expect((await author.post('/studio/cache/purge', { all: 'true' })).status).toBe(403);
    };
    expect(await outboxOf(inkwell, purge)).toEqual([]);
  });
});
