import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BrowserSessions } from '../../src/sessions/browser-sessions.service.js';
import { api } from '../support/api.js';
import { login, PASSWORD, register } from '../support/accounts.js';
import { query } from '../support/database.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';
import { signedIn, StudioBrowser } from '../support/studio.js';

let inkwell: Inkwell;
let other: Inkwell;
beforeAll(async () => {
  inkwell = await startInkwell();
  other = await startInkwell({}, { databaseUrl: inkwell.databaseUrl });
});
afterAll(async () => {
  await other.close();
  await inkwell.close();
});

const sessions = (): Promise<{ cookie_hash: Buffer | null; user_agent: string }[]> =>
  query(inkwell, 'SELECT cookie_hash, user_agent FROM sessions ORDER BY created_at DESC');

const clientWith = ({ cookie }: { cookie: string }) => ({ network: '127.0.0.1', isSecure: false, cookie });

describe('a page of the Studio', () => {
  it('leads to the sign-in and back', async () => {
    await register(inkwell, 'back');
    const browser = new StudioBrowser(inkwell);
    const next = '/studio/account?tab=2';
    const form = await browser.get(`/studio/sign-in?next=${encodeURIComponent(next)}`);
    expect(form.body).toContain(`name="next" value="${next}"`);
    const { location } = await browser.post('/studio/sign-in', {
      username: 'back',
      password: PASSWORD,
      next,
    });
    expect(location).toBe(next);
  });

  it.each([
    'https://evil.example/studio',
    '//evil.example/studio',
    '/studio/../../api/logout',
    '/studiox',
    'javascript:alert(1)',
    '/studio/sign-in?next=/studio/sign-in',
  ])('never leads to %s', async (next) => {
    const form = await new StudioBrowser(inkwell).get(`/studio/sign-in?next=${encodeURIComponent(next)}`);
    expect(form.body).toContain('name="next" value="/studio/posts"');
  });

  it('is stored nowhere, framed nowhere, and runs no foreign script', async () => {
    const { headers } = await new StudioBrowser(inkwell).get('/studio/sign-in');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    const policy = headers.get('content-security-policy');
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers.get('set-cookie')).toBeNull();
  });

  it('speaks the language of the browser, unless another is chosen', async () => {
    const browser = new StudioBrowser(inkwell, { 'accept-language': 'fr, ko-KR;q=0.9, en;q=0.8' });
    expect((await browser.get('/studio/sign-in')).body).toContain('<html lang="ko">');
    await browser.post('/studio/language', { language: 'en', next: '/studio/sign-in' });
    expect((await browser.get('/studio/sign-in')).body).toContain('<html lang="en">');
  });
});

describe('signing in', () => {
  it('sets an opaque cookie, of which only the hash is stored', async () => {
    const browser = await signedIn(inkwell, 'ada');
    const secret = /inkwell=([\w-]{43})(?:;|$)/.exec(browser.cookie)?.[1];
    expect(secret).toBeDefined();
    const [stored] = await sessions();
    expect(stored?.cookie_hash).toHaveLength(32);
    expect(stored?.cookie_hash?.toString('base64url')).not.toBe(secret);
  });

  it('shows the form again with the name, and not the password, if it is refused', async () => {
    await register(inkwell, 'bob');
    const refused = await new StudioBrowser(inkwell).signIn('bob', 'not the password');
    expect(refused.status).toBe(401);
    expect(refused.body).toContain('value="bob"');
    expect(refused.body).toContain('No account has this user name and this password.');
    expect(refused.body).not.toContain('not the password');
    expect(refused.headers.get('set-cookie')).toBeNull();
  });

  it.each([
    ['by its origin', { origin: 'https://evil.example' }],
    ['by its fetch metadata', { 'sec-fetch-site': 'cross-site' }],
    ['of another host of the site', { 'sec-fetch-site': 'same-site' }],
    ['without an origin that it could name', { origin: 'null' }],
  ])('refuses the form of another site, known %s', async (_, headers) => {
    const browser = new StudioBrowser(inkwell);
    const refused = await browser.post('/studio/sign-in', { username: 'ada', password: PASSWORD }, headers);
    expect(refused.status).toBe(403);
    expect(refused.body).toContain('Forms and scripts of other sites may not change anything here.');
    expect(browser.cookie).toBe('');
  });

  it('refuses it under every spelling of its address', async () => {
    for (const path of ['/%73tudio/sign-in', '/studio/sign%2Din', '/studio/sign-in/']) {
      const refused = await new StudioBrowser(inkwell).post(
        path,
        { username: 'ada', password: PASSWORD },
        { origin: 'https://evil.example' },
      );
      expect(refused.headers.get('set-cookie')).toBeNull();
      expect(refused.status).toBeGreaterThanOrEqual(400);
    }
  });
});

describe('the session cookie', () => {
  it('ends at once on every replica when the session is revoked', async () => {
    const browser = await signedIn(inkwell, 'carol');
    const there = browser.at(other);
    expect(await inkwell.app.get(BrowserSessions).find(clientWith(browser))).toMatchObject({
      username: 'carol',
    });
    expect((await there.post('/studio/sign-out')).status).toBe(303);
    for (const { app } of [inkwell, other])
      expect(await app.get(BrowserSessions).find(clientWith(browser))).toBeUndefined();
  });

  it('ends with the other sessions of a user', async () => {
    const browser = await signedIn(inkwell, 'dora');
    const { token } = await login(inkwell, 'dora');
    const listed = await api(inkwell).get<{ current: boolean; expires_at: string }[]>('/api/sessions', token);
    const [, cookie] = listed.body;
    // Idle for 14 days, rather than for 30 minutes.
    const days = (Date.parse(cookie!.expires_at) - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(13.9);
    await api(other).post('/api/logout-all', undefined, token);
    expect(browser.cookie).not.toBe('');
  });

  it('authenticates nothing but the Studio', async () => {
    const browser = await signedIn(inkwell, 'erin');
    const headers = { cookie: browser.cookie };
    expect((await api(inkwell).get('/api/sessions', undefined, headers)).status).toBe(401);
    expect((await api(inkwell).get('/api/users/me', undefined, headers)).status).toBe(401);
    const written = await api(inkwell).post(
      '/blog/api/posts',
      { title: 'x', content: 'y' },
      undefined,
      headers,
    );
    expect(written.status).toBe(401);
  });

  it('changes no answer of the blog, which stays a hit', async () => {
    const browser = await signedIn(inkwell, 'fred');
    const plain = { 'accept-encoding': 'identity' };
    await browser.get('/blog/', plain);
    const without = await new StudioBrowser(inkwell).get('/blog/', plain);
    const withIt = await browser.get('/blog/', plain);
    expect(withIt.headers.get('cache-status')).toBe('inkwell; hit');
    expect(withIt.headers.get('etag')).toBe(without.headers.get('etag'));
    expect(withIt.headers.get('set-cookie')).toBeNull();
  });
});

describe('POST /studio/api/session', () => {
  const again = async (browser: StudioBrowser, username: string, password: string, id: number) =>
    browser.call('POST', '/studio/api/session', { username, password, expected_user_id: id });

  it('signs the same person in again', async () => {
    const id = await register(inkwell, 'hana');
    const browser = new StudioBrowser(inkwell);
    expect((await again(browser, 'hana', 'wrong', id)).status).toBe(401);
    expect((await again(browser, 'hana', PASSWORD, id)).status).toBe(204);
    expect(await inkwell.app.get(BrowserSessions).find(clientWith(browser))).toMatchObject({ userId: id });
  });

  it('signs nobody else in', async () => {
    const id = await register(inkwell, 'iris');
    await register(inkwell, 'jane');
    const browser = new StudioBrowser(inkwell);
    const refused = await again(browser, 'jane', PASSWORD, id);
    expect([refused.status, JSON.parse(refused.body)]).toEqual([
      409,
      expect.objectContaining({ code: 'session.other_account' }),
    ]);
    expect(browser.cookie).toBe('');
  });
});

describe('forms', () => {
  it('are not read outside of the Studio', async () => {
    const response = await fetch(`${inkwell.url}/api/login`, {
      method: 'POST',
      body: new URLSearchParams({ username: 'ada', password: PASSWORD }),
    });
    expect(response.status).toBe(415);
  });
});

describe('with a public address of https', () => {
  it('uses a __Host- cookie, and does not accept the plain one', async () => {
    const secure = await startInkwell(
      { PUBLIC_URL: 'https://blog.example' },
      { databaseUrl: inkwell.databaseUrl },
    );
    try {
      const browser = new StudioBrowser(secure);
      await register(secure, 'grace');
      const { headers } = await browser.post(
        '/studio/sign-in',
        { username: 'grace', password: PASSWORD },
        { origin: 'https://blog.example' },
      );
      const cookie = headers.getSetCookie().find((each) => each.startsWith('__Host-inkwell='));
      expect(cookie).toMatch(/; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure$/);
      const secret = cookie!.slice('__Host-inkwell='.length, cookie!.indexOf(';'));
      const browsers = secure.app.get(BrowserSessions);
      expect(await browsers.find(clientWith({ cookie: `__Host-inkwell=${secret}` }))).toMatchObject({
        username: 'grace',
      });
      expect(await browsers.find(clientWith({ cookie: `inkwell=${secret}` }))).toBeUndefined();
    } finally {
      await secure.close();
    }
  });
});
