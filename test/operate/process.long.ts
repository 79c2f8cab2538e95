import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Agent } from 'node:http';
import { registerAndLogin } from '../support/accounts.js';
import { redisUrl } from '../support/start-inkwell.js';
import { ServerProcess } from '../support/server-process.js';
import { createTestDatabase } from '../support/test-database.js';
import { written } from '../blog/posts.js';
import { ask } from '../support/wire.js';

const MINUTES = 60_000;
const STARTS = 5;
const MAX_START_MS = 2_000;
const CLIENTS = 16;
const POSTS = 50;
const FEW = 100_000;
const MANY = 1_000_000;
const MAX_GROWTH = 1.1;

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
const print = (line: string): boolean => process.stdout.write(`${line}\n`);

describe('node dist/main.js with an external database', () => {
  let database: { url: string; drop: () => Promise<void> };
  beforeAll(async () => {
    database = await createTestDatabase();
  }, MINUTES);
  afterAll(() => database.drop());

  const start = (): ServerProcess =>
    ServerProcess.start({
      NODE_ENV: 'production',
      DATABASE_URL: database.url,
      REDIS_URL: redisUrl(),
      AUTH_SECRET: 'the-signing-key-of-the-tests-0123456789',
    });

  async function timedStart(): Promise<number> {
    const startedAt = performance.now();
    const server = start();
    const url = await server.address();
    const { status } = await fetch(`${url}/readyz`);
    const ms = performance.now() - startedAt;
    server.signal('SIGTERM');
    expect([status, await server.ended()]).toEqual([200, 0]);
    return ms;
  }

  it(
    'is ready within 2 s of its start',
    async () => {
      const times = [];
      for (let i = 0; i < STARTS; i += 1) times.push(await timedStart());
      print(
        `start to ready: ${times.map((ms) => Math.round(ms)).join(', ')} ms, median ${Math.round(median(times))}`,
      );
      expect(median(times)).toBeLessThanOrEqual(MAX_START_MS);
    },
    2 * MINUTES,
  );

  it(
    'takes no more than 1.1 times the memory after 1,000,000 requests that it took after 100,000',
    async () => {
      const server = await startedWithPosts(start());
      const few = await server.rssAfter(FEW);
      const many = await server.rssAfter(MANY);
      print(
        `RSS: ${few.toFixed(0)} MiB after ${FEW} requests, ${many.toFixed(0)} MiB after ${MANY}: ${(many / few).toFixed(2)} times`,
      );
      await server.stop();
      expect(server.refused).toBe(0);
      expect(many / few).toBeLessThanOrEqual(MAX_GROWTH);
    },
    30 * MINUTES,
  );
});

interface Measured {
  readonly rssAfter: (requests: number) => Promise<number>;
  readonly stop: () => Promise<void>;
  readonly refused: number;
}

/** Hits, misses that are never repeated, things that do not exist, pages, and requests with a token. */
async function startedWithPosts(process: ServerProcess): Promise<Measured> {
  const url = await process.address();
  const author = await registerAndLogin({ url }, 'measured');
  const ids: number[] = [];
  for (let i = 0; i < POSTS; i += 1) ids.push((await written({ url }, author)).id);
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  const state = { sent: 0, refused: 0 };

  const pathOf = (n: number): string => {
    if (n % 100 === 1) return `/blog/api/posts?q=never${n}`;
    if (n % 100 === 2) return `/blog/api/posts/${1_000_000 + n}`;
    if (n % 100 === 3) return '/api/users/me';
    return ['/blog/api/posts', '/blog/', `/blog/api/posts/${ids[n % POSTS]}`, '/health'][n % 4]!;
  };
  async function client(until: number): Promise<void> {
    while (state.sent < until) {
      state.sent += 1;
      const path = pathOf(state.sent);
      const headers: Record<string, string> =
        path === '/api/users/me' ? { authorization: `Bearer ${author.token}` } : {};
      const { status } = await ask({ url }, path, headers, 'GET', { agent });
      if (status >= 500) state.refused += 1;
    }
  }
  return {
    rssAfter: async (requests) => {
      await Promise.all(Array.from({ length: CLIENTS }, () => client(requests)));
      return process.rssMib;
    },
    stop: async () => {
      agent.destroy();
      process.signal('SIGTERM');
      await process.ended();
    },
    get refused() {
      return state.refused;
    },
  };
}
