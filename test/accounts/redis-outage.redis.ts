import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomInt } from 'node:crypto';
import type { Redis } from '../../src/platform/redis/redis.js';
import { newPost, POSTS } from '../blog/posts.js';
import { login, PASSWORD, register, registerAndLogin, useNewNumbers } from '../support/accounts.js';
import { api } from '../support/api.js';
import { query } from '../support/database.js';
import { redisOf, untilRedisAnswers } from '../support/redis.js';
import { type Inkwell, redisUrl, startInkwell } from '../support/start-inkwell.js';
import { TcpProxy } from '../support/tcp-proxy.js';

let proxy: TcpProxy;
let inkwell: Inkwell;
beforeAll(async () => {
  proxy = await TcpProxy.to(redisUrl());
  inkwell = await startInkwell({
    REDIS_URL: proxy.through(redisUrl()),
    RATE_LIMIT_VERIFY: '3',
    RATE_LIMIT_WRITE: '3',
    TRUSTED_PROXIES: '127.0.0.1',
  });
  await untilRedisAnswers(inkwell);
  await useNewNumbers(inkwell);
  await register(inkwell, 'ada');
});
afterAll(async () => {
  await inkwell.close();
  await proxy.close();
});

const newAddress = (): string => `10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}`;
const verify = async (address: string): Promise<number> =>
  (await api(inkwell).get('/api/verify', undefined, { 'x-forwarded-for': address })).status;

interface Counting {
  rlflxIncr: (...parameters: unknown[]) => Promise<unknown>;
}

describe('limits while Redis dies', () => {
  it('go on in PostgreSQL when it is cut off, and in Redis when it is back, without an error', async () => {
    const [before, during] = [newAddress(), newAddress()];
    expect([await verify(before), await verify(before)]).toEqual([401, 401]);
    proxy.set('refuse');
    // The first requests meet a broken connection, the later ones a client that knows it is broken.
    const cutOff = [];
    for (let round = 0; round < 4; round += 1) cutOff.push(await verify(during));
    expect(cutOff).toEqual([401, 401, 401, 429]);
    await expect(login(inkwell, 'ada')).resolves.toHaveProperty('token');
    proxy.set('pass');
    await untilRedisAnswers(inkwell);
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
    await untilRedisAnswers(inkwell);
    expect(await verify(newAddress())).toBe(401);
  });

  it('stay exact when this process reads a reply of Redis too late', async () => {
    const address = newAddress();
    // The library adds this command to the client.
    const redis = redisOf(inkwell) as Redis & Counting;
    const count = redis.rlflxIncr.bind(redis);
    redis.rlflxIncr = async (...parameters) => {
      await count(...parameters);
      throw new Error('Command timed out');
    };
    try {
      const late = [];
      for (let round = 0; round < 4; round += 1) late.push(await verify(address));
      expect(late).toEqual([401, 401, 401, 429]);
    } finally {
      redis.rlflxIncr = count;
    }
    const rows = await query(inkwell, 'SELECT 1 FROM rate_limits WHERE key LIKE $1', [`%${address}`]);
    expect(rows).toEqual([]);
  });
});

describe('limits of a write', () => {
  const write = async (token: string): Promise<number> =>
    (await api(inkwell).post(POSTS, newPost(), token, { 'x-forwarded-for': newAddress() })).status;

  it('cost it one round trip to Redis, and a read none', async () => {
    const { token } = await registerAndLogin(inkwell, 'bea');
    const redis = redisOf(inkwell) as Redis & Counting;
    const count = redis.rlflxIncr.bind(redis);
    const both = Promise.withResolvers<void>();
    let asked = 0;
    redis.rlflxIncr = async (...parameters) => {
      asked += 1;
      if (asked === 2) both.resolve();
      // Both requests are sent before either is answered.
      await both.promise;
      return count(...parameters);
    };
    try {
      expect(await write(token)).toBe(201);
      expect((await api(inkwell).get(POSTS)).status).toBe(200);
      expect(asked).toBe(2);
    } finally {
      redis.rlflxIncr = count;
    }
  });

  it('go on in PostgreSQL when Redis is cut off', async () => {
    const { token } = await registerAndLogin(inkwell, 'cleo');
    proxy.set('refuse');
    try {
      const cutOff = [];
      for (let round = 0; round < 4; round += 1) cutOff.push(await write(token));
      expect(cutOff).toEqual([201, 201, 201, 429]);
    } finally {
      proxy.set('pass');
    }
    await untilRedisAnswers(inkwell);
  });
});
