import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect } from 'node:net';
import { type Account, registerAndLogin } from '../support/accounts.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';

const KIB = 1024;

let inkwell: Inkwell;
let ada: Account;
beforeAll(async () => {
  inkwell = await startInkwell({ RATE_LIMIT_VERIFY: '5' });
  ada = await registerAndLogin(inkwell, 'ada');
});
afterAll(() => inkwell.close());

interface Head {
  readonly path: string;
  readonly method?: string;
  readonly bytes: number;
  readonly token?: string;
}

/** Sends the head of a request without its body. @returns the status of the answer, which comes all the same */
async function statusOfHead({ path, method = 'POST', bytes, token }: Head): Promise<number> {
  const socket = connect(Number(new URL(inkwell.urlOf(path)).port), '127.0.0.1');
  const authorization = token === undefined ? '' : `Authorization: Bearer ${token}\r\n`;
  socket.write(
    `${method} ${path} HTTP/1.1\r\nHost: x\r\n${authorization}Content-Type: application/json\r\nContent-Length: ${bytes}\r\n\r\n{`,
  );
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return Number(chunk.toString().slice(9, 12));
}

describe('a body', () => {
  it.each([
    ['POST', '/api/login', 4 * KIB],
    ['POST', '/api/register', 4 * KIB],
    ['POST', '/api/refresh', 4 * KIB],
    ['PATCH', '/api/users/ada', 32 * KIB],
    ['POST', '/blog/api/posts', 3 * KIB * KIB],
    ['PUT', '/blog/api/posts/1', 3 * KIB * KIB],
    ['PATCH', '/blog/api/posts/1', 3 * KIB * KIB],
  ])('of %s %s is refused by its length before it is sent', async (method, path, limit) => {
    expect(await statusOfHead({ method, path, bytes: limit + 1, token: ada.token })).toBe(413);
  });

  it.each([
    ['POST', '/blog/api/posts'],
    ['PATCH', '/api/users/ada'],
    ['POST', '/blog/api/cache/purge'],
  ])('of %s %s is not waited for when nobody may send it', async (method, path) => {
    expect([401, 404]).toContain(await statusOfHead({ method, path, bytes: 1000 }));
    expect([401, 404]).toContain(await statusOfHead({ method, path, bytes: 1000, token: 'abc' }));
  });

  it('is not waited for where no route takes it', async () => {
    expect(await statusOfHead({ path: '/nowhere', bytes: 1000 })).toBe(404);
    expect(await statusOfHead({ path: '/api/users/ada', bytes: 1000 })).toBe(405);
  });

  it('of the largest post is read', async () => {
    // Twelve bytes for each of 200,000 characters.
    const content = '\\ud83d\\ude00'.repeat(200_000);
    const response = await fetch(`${inkwell.url}/blog/api/posts`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ada.token}`, 'content-type': 'application/json' },
      body: `{"title":"Long","content":"${content}"}`,
    });
    expect([201, 400, 422]).toContain(response.status);
    expect(await response.text()).not.toContain('request.too_large');
  });

  it('with a NUL in a text is told so', async () => {
    const response = await fetch(`${inkwell.url}/api/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"username":"a\0b","password":"x"}',
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'request.invalid_text' });
  });
});

describe('limits by address', () => {
  it('are counted before the body is waited for', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 6; i += 1) statuses.push((await fetch(`${inkwell.url}/api/verify`)).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
  });
});
