import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from 'node:net';
import { type Inkwell, startInkwell } from './support/start-inkwell.js';

let inkwell: Inkwell;
beforeAll(async () => {
  inkwell = await startInkwell();
});
afterAll(() => inkwell.close());

/** Sends bytes that no HTTP client would, and reads until the server closes. */
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
