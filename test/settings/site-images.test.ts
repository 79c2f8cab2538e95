import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Principal } from '../../src/platform/access/principal.js';
import { SiteImages } from '../../src/settings/site-images.service.js';
import { promote, registerAndLogin } from '../support/accounts.js';
import { api } from '../support/api.js';
import { query } from '../support/database.js';
import { type Inkwell, LONG_LEASE, startInkwell } from '../support/start-inkwell.js';

const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from('a first picture')]);
const WEBP = Buffer.from('RIFF\0\0\0\0WEBPVP8 a second picture', 'latin1');
const ICO = Buffer.from('000001000100', 'hex');
const IMMUTABLE = 'public, max-age=31536000, immutable';

let inkwell: Inkwell;
let replica: Inkwell;
let principal: Principal;
beforeAll(async () => {
  inkwell = await startInkwell(LONG_LEASE);
  replica = await startInkwell(LONG_LEASE, { databaseUrl: inkwell.databaseUrl });
  const { id: userId } = await registerAndLogin(inkwell, 'rooty');
  await promote(inkwell, 'rooty', 'admin');
  principal = { userId, username: 'rooty', role: 'admin' } as Principal;
});
afterAll(async () => {
  await replica.close();
  await inkwell.close();
});

const set = (place: 'icon' | 'logo', bytes: Buffer | null) =>
  inkwell.app.get(SiteImages, { strict: false }).set(place, bytes, { principal });
const page = async (on = inkwell): Promise<string> => (await api(on).get<string>('/blog/')).body;
const iconOf = (body: string): string => /<link rel="icon" href="([^"]+)"/.exec(body)![1]!;
const download = async (path: string, on = inkwell) => {
  const response = await fetch(on.url + path);
  return {
    status: response.status,
    headers: response.headers,
    bytes: Buffer.from(await response.arrayBuffer()),
  };
};

describe('the icon', () => {
  it('is ours as long as the blog has none', async () => {
    const { status, headers } = await download(iconOf(await page()));
    expect([status, headers.get('content-type')]).toEqual([200, 'image/svg+xml']);
  });

  it('is on every page of every replica as soon as it is set, and may be kept for ever', async () => {
    await page(replica);
    await set('icon', PNG);
    const path = iconOf(await page(replica));
    expect(path).toMatch(/^\/blog\/assets\/icon-[0-9a-f]{16}\.png$/);
    const { status, headers, bytes } = await download(path, replica);
    expect([status, bytes.equals(PNG)]).toEqual([200, true]);
    expect(headers.get('content-type')).toBe('image/png');
    expect(headers.get('cache-control')).toBe(IMMUTABLE);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('is gone, with its file, when another takes its place or none', async () => {
    await set('icon', WEBP);
    const first = iconOf(await page());
    expect((await download(first, replica)).status).toBe(200);
    await set('icon', ICO);
    expect((await download(first, replica)).status).toBe(404);
    expect(iconOf(await page(replica))).toMatch(/\.ico$/);
    await set('icon', null);
    expect(iconOf(await page(replica))).toBe('/blog/assets/icon.svg');
    expect(await query(inkwell, 'SELECT name FROM site_image')).toEqual([]);
  });
});

describe('the logo', () => {
  it('takes the place of the name, and says it to those who cannot see', async () => {
    await set('logo', PNG);
    const body = await page();
    expect(body).toMatch(
      /<a class="name" href="\/blog\/"><img src="\/blog\/assets\/logo-[0-9a-f]{16}\.png" alt="My blog" \/><\/a>/,
    );
    await set('logo', null);
    expect(await page()).toContain('<a class="name" href="/blog/">My blog</a>');
  });
});

describe('an image', () => {
  it.each([
    [
      'SVG, which may contain scripts',
      '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    ],
    ['SVG that claims to be XML', '<?xml version="1.0"?><svg/>'],
    ['HTML', '<!doctype html><script>alert(1)</script>'],
    ['GIF', 'GIF89a'],
    ['nothing', ''],
    ['only the first half of a signature', '\u0089PNG'],
  ])('is refused if it is %s', async (_, text) => {
    await expect(set('icon', Buffer.from(text, 'latin1'))).rejects.toMatchObject({
      code: 'site.image_refused',
    });
    expect(iconOf(await page())).toBe('/blog/assets/icon.svg');
  });

  it('is refused above 256 KiB, and accepted at exactly that', async () => {
    const large = Buffer.alloc(256 * 1024 + 1);
    PNG.copy(large);
    await expect(set('icon', large)).rejects.toMatchObject({ code: 'site.image_refused' });
    await set('icon', large.subarray(0, -1));
    expect((await download(iconOf(await page()))).bytes.length).toBe(256 * 1024);
    await set('icon', null);
  });

  it.each(['icon-0000000000000000.png', 'logo', '..%2Fsite.css', '%00', 'site.css%00'])(
    'does not exist by the name %s',
    async (name) => {
      expect((await download(`/blog/assets/${name}`)).status).toBeGreaterThanOrEqual(400);
    },
  );
});
