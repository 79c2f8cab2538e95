import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from 'node:net';
import { type Inkwell, startInkwell } from './support/start-inkwell.js';

let inkwell: Inkwell;
beforeAll(async () => {
  inkwell = await startInkwell();
});
afterAll(() => inkwell.close());

/** Sends bytes that no HTTP client would send, and reads until the server closes the connection. */
const raw = (bytes: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(inkwell.urlOf('/')).port), '127.0.0.1', () => socket.write(bytes));
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });

describe('any path', () => {
  it('answers an unknown path with a 404 problem document that names the request', async () => {
    const response = await fetch(`${inkwell.url}/nowhere?x=1`, { headers: { 'x-request-id': 'abc-1' } });
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(response.headers.get('x-request-id')).toBe('abc-1');
    expect(await response.json()).toMatchObject({
      code: 'route.not_found',
      status: 404,
      instance: '/nowhere',
      request_id: 'abc-1',
    });
  });

  it.each(['/%ff', '/a%00b', '/%zz'])('refuses the URL %s with 400', async (path) => {
    const response = await fetch(inkwell.url + path);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ status: 400 });
  });

  it.each(['/%ff', '/%zz'])('refuses the URL %s with the security headers of every answer', async (path) => {
    const { headers } = await fetch(inkwell.url + path);
    const ordinary = (await fetch(`${inkwell.url}/nowhere`)).headers;
    for (const name of ['content-security-policy', 'x-content-type-options', 'x-frame-options'])
      expect([name, headers.get(name)]).toEqual([name, ordinary.get(name)]);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it.each(['QUERY', 'PUT', 'TRACE'])(
    'answers %s where there is only GET with 405 and what is allowed',
    async (method) => {
      const answer = await raw(
        `${method} /blog/api/categories HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
      );
      expect(answer).toMatch(/^HTTP\/1.1 405 /);
      expect(answer).toMatch(/^allow: GET, HEAD\r$/im);
    },
  );

  it('sends a 304 to HEAD without a length, as to GET', async () => {
    const path = '/blog/api/categories';
    const etag = (await fetch(inkwell.url + path)).headers.get('etag')!;
    for (const method of ['GET', 'HEAD']) {
      // An answer of the router, because the front door ignores requests with an Origin.
      const answer = await raw(
        `${method} ${path} HTTP/1.1\r\nHost: x\r\nOrigin: http://x\r\nIf-None-Match: ${etag}\r\nConnection: close\r\n\r\n`,
      );
      expect(answer).toMatch(/^HTTP\/1.1 304 /);
      expect(answer).not.toMatch(/^content-length:/im);
    }
  });

  it('takes a target with scheme and host for its path, and leads nowhere else', async () => {
    const close = 'Host: x\r\nConnection: close\r\n\r\n';
    const found = await raw(`GET http://evil.example/blog/api/categories HTTP/1.1\r\n${close}`);
    expect(found).toMatch(/^HTTP\/1.1 200 /);
    for (const target of [
      'http://evil.example/',
      'http://evil.example',
      'http://evil.example/blog/2019/01/x/',
      'http://evil.example//other.example/',
    ])
      expect(await raw(`GET ${target} HTTP/1.1\r\n${close}`)).not.toMatch(
        /^(?:location:.*|link:.*)(?:evil|other)\.example/im,
      );
  });

  it('refuses headers of more than 16 KiB with a 431 problem document', async () => {
    const answer = await raw(`GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(20_000)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1.1 431 /);
    expect(answer).toContain('"code":"request.headers_too_large"');
  });

  it('refuses what is not HTTP with a 400 problem document', async () => {
    const answer = await raw('NONSENSE\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
    expect(answer).toContain('"code":"request.malformed"');
  });
});
