import { afterEach, describe, expect, it } from '@jest/globals';
import type { RequestListener } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemResolve } from '../../src/platform/http/dns-cache.js';
import { closeAll, closeConnections, open, serve, text } from './local-servers.js';
import { failureOf, until } from './pool.js';

afterEach(() => closeAll());

/** Answers after a delay, and counts concurrent requests. */
function slow(): { answer: RequestListener; most: () => number } {
  let running = 0;
  let most = 0;
  return {
    answer: (_request, response) => {
      running += 1;
      most = Math.max(most, running);
      setTimeout(() => {
        running -= 1;
        response.end('{}');
      }, 20);
    },
    most: () => most,
  };
}

describe('the connections of the pool', () => {
  it('are used again, the last used first', async () => {
    const pool = open();
    const ports: unknown[] = [];
    const port = await serve((request, response) => {
      ports.push(request.socket.remotePort);
      setTimeout(() => response.end(), request.url === '/long' ? 60 : 0);
    });
    const url = `http://localhost:${port}`;
    await Promise.all([text(pool, `${url}/long`), text(pool, url)]);
    await text(pool, url);
    await text(pool, url);
    expect(pool.pool.sockets.created).toBe(2);
    expect(ports.slice(2)).toEqual([ports[0], ports[0]]);
  });

  it('are at most 30 to a host and 100 in all, and every call gets its turn', async () => {
    const pool = open();
    const hosts = Array.from({ length: 5 }, slow);
    const ports = await Promise.all(hosts.map(({ answer }) => serve(answer)));
    let most = 0;
    const calls = Array.from({ length: 500 }, async (_, index) => {
      await text(pool, `http://localhost:${ports[index % 5]}/`);
      most = Math.max(most, pool.pool.sockets.states.active);
    });
    await Promise.all(calls);
    expect(hosts.map((host) => host.most())).toEqual([30, 30, 30, 30, 30].map(() => expect.any(Number)));
    for (const host of hosts) expect(host.most()).toBeLessThanOrEqual(30);
    expect(most).toBeLessThanOrEqual(100);
    expect(most).toBeGreaterThan(90);
    expect(pool.pool.sockets.created).toBeLessThanOrEqual(150);
  });

  it('make room: an idle one closes for a call to a new host', async () => {
    const pool = open({ HTTP_POOL_MAX_SOCKETS: '2' });
    const [a, b, c] = await Promise.all([1, 2, 3].map(() => serve((_request, response) => response.end())));
    for (const port of [a, b, c, c]) await text(pool, `http://localhost:${port}/`);
    expect(pool.pool.sockets.created).toBe(3);
    expect(pool.pool.sockets.states).toEqual({ active: 0, idle: 2 });
    await text(pool, `http://localhost:${b}/`);
    expect(pool.pool.sockets.created).toBe(3);
  });

  it('that the server closes between calls are replaced', async () => {
    const pool = open();
    const port = await serve((_request, response) => response.end('{}'));
    await text(pool, `http://localhost:${port}/`);
    closeConnections();
    await until(() => pool.pool.sockets.states.idle === 0);
    await text(pool, `http://localhost:${port}/`);
    expect(pool.pool.sockets.created).toBe(2);
  });

  it('end a call that waits for its turn longer than its limit', async () => {
    const pool = open({ HTTP_POOL_MAX_SOCKETS_PER_HOST: '1', HTTP_TIMEOUT_SECONDS: '20' });
    let asked = 0;
    const port = await serve(() => (asked += 1));
    const first = failureOf(pool.http.get(`http://localhost:${port}/`));
    const second = await failureOf(pool.http.get(`http://localhost:${port}/`, { timeout: 200 }));
    expect(second.failure.reason).toBe('timeout');
    expect(asked).toBe(1);
    const closing = pool.close();
    expect((await first).failure.reason).toBe('stopping');
    await closing;
  });

  it('are not blamed on the host by calls whose time ended while they waited for a turn', async () => {
    const pool = open({ HTTP_POOL_MAX_SOCKETS_PER_HOST: '1' });
    const held = Promise.withResolvers<void>();
    const arrived = Promise.withResolvers<void>();
    const port = await serve((request, response) => {
      if (request.url !== '/held') return void response.end('"well"');
      arrived.resolve();
      void held.promise.then(() => response.end('"held"'));
    });
    const url = `http://localhost:${port}`;
    const first = text(pool, `${url}/held`);
    await arrived.promise;
    const waiting = Array.from({ length: 6 }, () =>
      failureOf(pool.http.get(url, { timeout: 20, attempts: 1 })),
    );
    for (const { failure } of await Promise.all(waiting)) expect(failure.reason).toBe('timeout');
    const next = text(pool, url);
    held.resolve();
    expect(await Promise.all([first, next])).toEqual(['held', 'well']);
  });

  it('count each host, and beyond fifty of them the others together', async () => {
    const pool = open();
    const port = await serve((_request, response) => response.end());
    for (let host = 0; host < 60; host += 1) await text(pool, `http://h${host}.example:${port}/`);
    const counts = [...pool.pool.tally.requests];
    expect(counts).toHaveLength(51);
    expect(counts.at(0)).toEqual([`h0.example:${port}`, 1]);
    expect(counts.at(-1)).toEqual(['other', 10]);
  });
});

describe('the addresses of a name', () => {
  const addressed = (address: string) => ({ address, family: 4 });

  it('are asked for anew when their time is over, and kept connections to the old one are left', async () => {
    let nowMs = 0;
    let address = '127.0.0.2';
    let asked = 0;
    const pool = open(
      { HTTP_DNS_TTL_SECONDS: '300' },
      {
        now: () => nowMs,
        resolve: () => {
          asked += 1;
          return Promise.resolve([addressed(address)]);
        },
      },
    );
    const port = await serve((_request, response) => response.end('old'), '127.0.0.2');
    await serve((_request, response) => response.end('new'), '127.0.0.3', port);
    const url = `http://moves.example:${port}/`;
    expect(await text(pool, url)).toBe('old');
    address = '127.0.0.3';
    nowMs = 299_999;
    expect(await text(pool, url)).toBe('old');
    expect(asked).toBe(1);
    nowMs = 300_000;
    expect(await text(pool, url)).toBe('new');
    expect(asked).toBe(2);
  });

  it('are asked for anew at once when none can be connected to', async () => {
    let asked = 0;
    const port = await serve((_request, response) => response.end('there'), '127.0.0.3');
    const resolve = () => Promise.resolve([addressed((asked += 1) === 1 ? '127.0.0.2' : '127.0.0.3')]);
    expect(await text(open({}, { resolve }), `http://moved.example:${port}/`)).toBe('there');
    expect(asked).toBe(2);
  });

  it('are all tried', async () => {
    const port = await serve((_request, response) => response.end('third'), '127.0.0.4');
    const resolve = () => Promise.resolve(['127.0.0.2', '127.0.0.3', '127.0.0.4'].map(addressed));
    expect(await text(open({}, { resolve }), `http://many.example:${port}/`)).toBe('third');
  });

  it('that could not be found are not remembered as missing', async () => {
    let asked = 0;
    const port = await serve((_request, response) => response.end('found'));
    const resolve = () => {
      asked += 1;
      const missing = Object.assign(new Error('not found'), { code: 'ENOTFOUND' });
      return asked === 1 ? Promise.reject(missing) : Promise.resolve([addressed('127.0.0.1')]);
    };
    const pool = open({}, { resolve });
    const url = `http://late.example:${port}/`;
    const { failure } = await failureOf(pool.http.get(url, { attempts: 1 }));
    expect(failure.reason).toBe('unknown_host');
    expect(await text(pool, url)).toBe('found');
  });

  it('are asked for once by a hundred calls at one moment', async () => {
    let asked = 0;
    const port = await serve((_request, response) => response.end());
    const resolve = async () => {
      asked += 1;
      await sleep(20);
      return [addressed('127.0.0.1')];
    };
    const pool = open({}, { resolve });
    await Promise.all(Array.from({ length: 100 }, () => text(pool, `http://busy.example:${port}/`)));
    expect(asked).toBe(1);
  });

  it('come from the system: localhost is found', async () => {
    const port = await serve((_request, response) => response.end('here'), 'localhost');
    expect(await text(open({}, { resolve: systemResolve }), `http://localhost:${port}/`)).toBe('here');
  });
});

describe('the end of the process', () => {
  it('waits for the calls under way and refuses new ones', async () => {
    const pool = open({ SHUTDOWN_DEADLINE_SECONDS: '20' });
    const { promise: asked, resolve: onAsked } = Promise.withResolvers<() => void>();
    const port = await serve((_request, response) => onAsked(() => response.end('whole')));
    const call = text(pool, `http://localhost:${port}/`);
    const answer = await asked;
    const closing = pool.close();
    const { failure } = await failureOf(pool.http.get(`http://localhost:${port}/`));
    expect(failure.reason).toBe('stopping');
    answer();
    expect(await call).toBe('whole');
    await closing;
    await until(() => pool.pool.sockets.states.idle === 0);
    expect(pool.pool.sockets.states).toEqual({ active: 0, idle: 0 });
  });

  it('cuts a call to a silent server at its deadline', async () => {
    const pool = open({ SHUTDOWN_DEADLINE_SECONDS: '1', HTTP_TIMEOUT_SECONDS: '600' });
    const port = await serve(() => undefined);
    const call = failureOf(pool.http.get(`http://localhost:${port}/`));
    await until(() => pool.pool.sockets.states.active === 1);
    const startedAt = performance.now();
    await pool.close();
    expect(performance.now() - startedAt).toBeGreaterThan(950);
    expect((await call).failure.reason).toBe('stopping');
  });
});
