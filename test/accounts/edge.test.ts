import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Account, registerAndLogin } from '../support/accounts.js';
import { api, type RequestHeaders } from '../support/api.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';

const ORIGIN = 'https://blog.example';

let inkwell: Inkwell;
let ada: Account;
beforeAll(async () => {
  inkwell = await startInkwell({ ALLOWED_ORIGINS: `${ORIGIN}, http://localhost:5173` });
  ada = await registerAndLogin(inkwell, 'ada');
});
afterAll(() => inkwell.close());

const preflight = (instance: Inkwell, origin: string, path = '/api/login') =>
  fetch(instance.url + path, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
  });

describe('requests of other origins', () => {
  it.each([ORIGIN, 'http://localhost:5173'])(
    'are allowed from %s, which is named exactly',
    async (origin) => {
      const { status, headers } = await preflight(inkwell, origin);
      expect(status).toBe(204);
      expect(headers.get('access-control-allow-origin')).toBe(origin);
      expect(headers.get('access-control-allow-methods')).toContain('DELETE');
      expect(headers.get('access-control-allow-headers')).toBe('authorization,content-type');
      expect(headers.get('vary')).toMatch(/origin/i);
      expect(headers.get('access-control-allow-credentials')).toBeNull();
      expect(headers.get('x-request-id')).toMatch(/./);
    },
  );

  it.each([
    'https://evil.example',
    'http://blog.example',
    'https://blog.example.evil.example',
    'https://blog.example:8443',
    'null',
  ])('are not allowed from %s', async (origin) => {
    expect((await preflight(inkwell, origin)).headers.get('access-control-allow-origin')).toBeNull();
    const { headers } = await api(inkwell).get('/api/users/ada', undefined, { origin });
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  it('may read answers and errors alike, with the headers that clients need', async () => {
    for (const token of [ada.token, 'abc']) {
      const { headers } = await api(inkwell).get('/api/users/ada', token, { origin: ORIGIN });
      expect(headers.get('access-control-allow-origin')).toBe(ORIGIN);
      expect(headers.get('access-control-expose-headers')).toMatch(/ETag.*Retry-After.*RateLimit/);
    }
  });

  it('are allowed from nowhere unless ALLOWED_ORIGINS says', async () => {
    const closed = await startInkwell();
    try {
      expect((await preflight(closed, ORIGIN)).headers.get('access-control-allow-origin')).toBeNull();
      const { headers } = await api(closed).get('/api/users/nobody', undefined, { origin: ORIGIN });
      expect(headers.get('access-control-allow-origin')).toBeNull();
    } finally {
      await closed.close();
    }
  });
});

describe('every answer', () => {
  it.each([
    ['a success', () => api(inkwell).get('/api/users/ada')],
    ['a refusal', () => api(inkwell).get('/api/users/me')],
    ['an unknown path', () => api(inkwell).get('/nowhere')],
    ['a broken body', () => api(inkwell).post('/api/login', '{')],
  ])('carries the security headers: %s', async (_, request) => {
    const { headers } = await request();
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'SAMEORIGIN',
      'referrer-policy': 'no-referrer',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'cross-origin-opener-policy': 'same-origin',
      'x-request-id': expect.any(String),
      'cache-control': expect.any(String),
    });
    expect(headers.get('x-powered-by')).toBeNull();
  });
});

const postWith = (headers: RequestHeaders, body: string | Buffer) =>
  fetch(`${inkwell.urlOf('/api/login')}/api/login`, { method: 'POST', headers, body });

describe('POST with a body', () => {
  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
    'application/json; charset=utf-16',
    'application/json; charset=iso-8859-1',
  ])('refuses the content type %s with 415', async (contentType) => {
    const response = await postWith({ 'content-type': contentType }, '{"username":"ada","password":"x"}');
    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({ code: 'request.unsupported_media_type', status: 415 });
  });

  it('refuses a Content-Encoding with 415', async () => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    expect((await postWith(headers, '{"username":"ada","password":"x"}')).status).toBe(415);
  });

  it('refuses more than 3 MiB with 413', async () => {
    const response = await postWith(
      { 'content-type': 'application/json' },
      `"${'x'.repeat(3 * 1024 * 1024)}"`,
    );
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: 'request.too_large', status: 413 });
  });

  it('refuses what is not UTF-8 with 400', async () => {
    const body = Buffer.from('{"username":"ad\xff","password":"x"}', 'latin1');
    const response = await postWith({ 'content-type': 'application/json' }, body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'request.invalid_utf8' });
  });

  it('refuses a body nested 1,000 deep with 400', async () => {
    const deep = `${'['.repeat(1_000)}${']'.repeat(1_000)}`;
    expect((await postWith({ 'content-type': 'application/json' }, deep)).status).toBe(400);
  });
});

describe('a method that a path does not have', () => {
  it.each([
    ['GET', '/api/login', 'POST'],
    ['DELETE', '/api/register', 'POST'],
    ['POST', '/api/verify', 'GET, HEAD'],
    ['PUT', '/api/sessions', 'GET, HEAD'],
    ['GET', '/api/logout', 'POST'],
  ])('%s %s is answered with 405 and Allow', async (method, path, allow) => {
    const response = await fetch(inkwell.url + path, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe(allow);
    expect(await response.json()).toMatchObject({ code: 'route.method_not_allowed' });
  });
});
