import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomInt } from 'node:crypto';
import { Redis } from '../../src/platform/redis/redis.js';
import { login, PASSWORD, register } from '../support/accounts.js';
import { api } from '../support/api.js';
import { type Inkwell, redisUrl, startInkwell } from '../support/start-inkwell.js';
import { TcpProxy } from '../support/tcp-proxy.js';

let proxy: TcpProxy;
let inkwell: Inkwell;
beforeAll(async () => {
  proxy = await TcpProxy.to(redisUrl());
  inkwell = await startInkwell({
    REDIS_URL: proxy.through(redisUrl()),
    RATE_LIMIT_VERIFY: '3',
    TRUSTED_PROXIES: '127.0.0.1',
  });
  await register(inkwell, 'ada');
});
afterAll(async () => {
  await inkwell.close();
  await proxy.close();
});

const newAddress = (): string => `10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}`;
const verify = async (address: string): Promise<number> =>
  (await api(inkwell).get('/api/verify', undefined, { 'x-forwarded-for': address })).status;
const redisStatus = (): string => inkwell.app.get<Redis>(Redis).status;
async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('This takes more than ten seconds');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('limits while Redis dies', () => {
  it('go on in PostgreSQL when it is cut off, and in Redis when it is back, without an error', async () => {
    const [before, during] = [newAddress(), newAddress()];
    expect([await verify(before), await verify(before)]).toEqual([401, 401]);
    proxy.set('refuse');
    // The first requests meet a connection that is gone, the later ones a client that knows it.
    const cutOff = [];
    for (let round = 0; round < 4; round += 1) cutOff.push(await verify(during));
    expect(cutOff).toEqual([401, 401, 401, 429]);
    await expect(login(inkwell, 'ada')).resolves.toHaveProperty('token');
    proxy.set('pass');
    await until(() => redisStatus() === 'ready');
    expect([await verify(before), await verify(before)]).toEqual([401, 429]);
  });

  it('go on in PostgreSQL, within a second, when it swallows everything', async () => {
    const address = newAddress();
    proxy.set('swallow');
    try {
      const startedAt = performance.now();
      const swallowed = [];
      for (let round = 0; round < 4; round += 1) swallowed.push(await verify(address));
      expect(swallowed).toEqual([401, 401, 401, 429]);
      expect(performance.now() - startedAt).toBeLessThan(4_000);
      await expect(login(inkwell, 'ada', PASSWORD)).resolves.toHaveProperty('token');
    } finally {
      proxy.set('pass');
    }
    await until(() => redisStatus() === 'ready');
    expect(await verify(newAddress())).toBe(401);
  });
});
