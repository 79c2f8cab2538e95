import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { ServerProcess } from '../support/server-process.js';
import { createTestDatabase } from '../support/test-database.js';

/** Longer than any of these steps. A step that ends earlier did not wait for it. */
const DRAIN_SECONDS = 300;
const PATIENCE_MS = 120_000;

let database: { url: string; drop: () => Promise<void> };
let server: ServerProcess;
let url: string;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  server = ServerProcess.start({
    NODE_ENV: 'production',
    DATABASE_URL: database.url,
    AUTH_SECRET: 'the-signing-key-of-the-tests-0123456789',
    METRICS_PORT: '0',
    SHUTDOWN_DRAIN_SECONDS: String(DRAIN_SECONDS),
  });
  url = await server.address();
}, PATIENCE_MS);
afterEach(async () => {
  server.signal('SIGKILL');
  await server.ended();
});

async function untilDraining(): Promise<Response> {
  for (;;) {
    const answer = await fetch(`${url}/readyz`);
    if (answer.status === 503) return answer;
    await sleep(20);
  }
}

const metricsUrl = (): string =>
  /http:\/\/localhost:\d+\/metrics/.exec(server.output)![0].replace('localhost', '127.0.0.1');

describe('node dist/main.js after its first SIGTERM', () => {
  it(
    'is alive, started, not ready, answers with Connection: close, and can be scraped',
    async () => {
      expect((await fetch(`${url}/readyz`)).status).toBe(200);
      server.signal('SIGTERM');
      const ready = await untilDraining();
      expect(ready.headers.get('retry-after')).toMatch(/^\d+$/);
      for (const path of ['/livez', '/startupz', '/blog/api/posts', '/blog/']) {
        const { status, headers } = await fetch(url + path);
        expect([path, status, headers.get('connection')]).toEqual([path, 200, 'close']);
      }
      const metrics = await fetch(metricsUrl());
      expect(await metrics.text()).toMatch(
        /http_requests_total\{method="GET",route="\/readyz",status="503"\} \d/,
      );
      expect((await fetch(`${url}/metrics`)).status).toBe(404);
    },
    PATIENCE_MS,
  );
});

describe('node dist/main.js after its second signal', () => {
  it.each([
    ['SIGTERM', 'SIGTERM'],
    ['SIGTERM', 'SIGINT'],
    ['SIGINT', 'SIGTERM'],
  ] as const)(
    'ends at once with 1: %s, %s',
    async (first, second) => {
      server.signal(first);
      await untilDraining();
      server.signal(second);
      expect(await server.ended()).toBe(1);
    },
    PATIENCE_MS,
  );
});
