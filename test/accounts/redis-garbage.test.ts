import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { PASSWORD, register } from '../support/accounts.js';
import { api } from '../support/api.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';

/** Gives the same answer to every Redis command: another kind of server on Redis' port. */
async function listenAsGarbage(reply: string): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      const commands = chunk.toString('latin1').match(/^\*\d+\r$/gm)?.length ?? 0;
      socket.write(reply.repeat(commands));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe.each([
  ['a status', '+garbage\r\n'],
  ['text', '$7\r\ngarbage\r\n'],
  ['a list of texts', '*2\r\n$1\r\na\r\n$1\r\nb\r\n'],
  ['a list of numbers that no counter gives', '*2\r\n:-7\r\n:99999999999\r\n'],
])('a Redis that answers everything with %s', (_, reply) => {
  let garbage: Server;
  let inkwell: Inkwell;
  beforeAll(async () => {
    const { server, url } = await listenAsGarbage(reply);
    garbage = server;
    inkwell = await startInkwell({ REDIS_URL: url, RATE_LIMIT_LOGIN: '3' });
  });
  afterAll(async () => {
    await inkwell.close();
    garbage.close();
  });

  it('locks nobody out: the counters of PostgreSQL are used', async () => {
    await register(inkwell, 'ada');
    const login = () => api(inkwell).post('/api/login', { username: 'ada', password: PASSWORD });
    for (let i = 0; i < 3; i += 1) expect((await login()).status).toBe(200);
    const { status, body } = await login();
    expect(status).toBe(429);
    expect(body['detail']).toMatch(/Try again in \d+ seconds/);
  });
});
