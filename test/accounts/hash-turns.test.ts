import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { PasswordHasher } from '../../src/platform/passwords/password-hasher.js';
import { login, PASSWORD, register } from '../support/accounts.js';
import { api } from '../support/api.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';

const CHANGES = 40;

let inkwell: Inkwell;
beforeAll(async () => {
  inkwell = await startInkwell({ TRUSTED_PROXIES: '127.0.0.1' });
});
afterAll(() => inkwell.close());

describe('a login while 40 accounts change their passwords from one other address', () => {
  it('waits for a few of them and not for all', async () => {
    const names = Array.from({ length: CHANGES }, (_, n) => `changer${n}`);
    await register(inkwell, 'reader');
    const tokens: string[] = [];
    for (const name of names) {
      await register(inkwell, name);
      tokens.push((await login(inkwell, name)).token);
    }
    const hasher = inkwell.app.get(PasswordHasher, { strict: false });
    const { matches } = hasher;
    const order: string[] = [];
    hasher.matches = async (hash, password, from) => {
      const isMatch = await matches.call(hasher, hash, password, from);
      order.push(from);
      return isMatch;
    };
    const untilWaiting = async (count: number): Promise<void> => {
      while (hasher.queueDepth < count) await nextTurn();
    };

    // Nothing starts before all calls are queued, so that only their order in the queue counts, not the speed of the
    // machine.
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const slots: Promise<void>[] = [];
    while (hasher.queueDepth === 0) {
      slots.push(hasher['queue'].run('held', () => held));
      await nextTurn();
    }
    const from = (address: string) => ({ 'x-forwarded-for': address });
    const body = { password: 'a loud red bottle', current_password: PASSWORD };
    const changes = names.map((name, n) =>
      api(inkwell).patch(`/api/users/${name}`, body, tokens[n], from('203.0.113.1')),
    );
    await untilWaiting(CHANGES + 1);
    const loggedIn = api(inkwell).post(
      '/api/login',
      { username: 'reader', password: PASSWORD },
      undefined,
      from('198.51.100.7'),
    );
    await untilWaiting(CHANGES + 2);
    release();
    expect((await loggedIn).status).toBe(200);
    const statuses = (await Promise.all(changes)).map(({ status }) => status);
    await Promise.all(slots);
    expect(new Set(statuses)).toEqual(new Set([200]));
    // Concurrent calls may end earlier: one per slot, and a few from the queue.
    expect(order.indexOf('198.51.100.7')).toBeLessThan(4 * slots.length);
    expect(order).toHaveLength(CHANGES + 1);
  });
});

describe('changes of passwords', () => {
  it('are limited by address, whoever asks, and by account', async () => {
    const limited = await startInkwell({
      TRUSTED_PROXIES: '127.0.0.1',
      RATE_LIMIT_LOGIN: '2',
      REDIS_URL: '',
    });
    try {
      const headers = (n: number) => ({ 'x-forwarded-for': `203.0.113.${n}` });
      const change = (name: string, token: string, n: number) =>
        api(limited).patch(
          `/api/users/${name}`,
          { password: PASSWORD, current_password: PASSWORD },
          token,
          headers(n),
        );
      const tokens = new Map<string, string>();
      for (const [n, name] of ['ann', 'ben', 'cat'].entries()) {
        await register(limited, name);
        tokens.set(name, (await login(limited, name, PASSWORD, headers(100 + n))).token);
      }
      const ann: number[] = [];
      for (let n = 1; n <= 5; n += 1) ann.push((await change('ann', tokens.get('ann')!, n)).status);
      expect(ann).toEqual([200, 200, 200, 200, 429]);
      const shared: number[] = [];
      for (let n = 0; n < 9; n += 1) {
        const name = n % 3 === 0 ? 'ben' : 'cat';
        shared.push((await change(name, tokens.get(name)!, 50)).status);
      }
      expect(shared.at(-1)).toBe(429);
      const { headers: answered } = await change('ben', tokens.get('ben')!, 50);
      expect(answered.get('ratelimit-policy')).toBe('"password-change";q=8;w=60');
    } finally {
      await limited.close();
    }
  });
});
