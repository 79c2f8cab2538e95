import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { linesOf, runbooks } from '../operate/runbooks.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { ServerProcess } from '../support/server-process.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { createTestDatabase, query } from '../support/test-database.js';
import { rules, RULES } from './alert-rules.js';
import { startKubeStateMetrics } from './kube-state-metrics.js';
import { type PanelQuery, panelQueries, withoutData } from './panels.js';
import { PrometheusServer } from './prometheus-server.js';
import { Traffic } from './traffic.js';

const POOL_MAX = 3;
/** While other load on the machine slows the server down. */
const TEST_MS = 240_000;

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let redis: TestRedis;
let links: { postgres: TcpProxy; redis: TcpProxy };
let kubeStateMetrics: Awaited<ReturnType<typeof startKubeStateMetrics>>;
let server: ServerProcess;
let bare: ServerProcess;
let bareDatabase: Awaited<ReturnType<typeof createTestDatabase>>;
let bareTraffic: Traffic;
let prometheus: PrometheusServer;
let traffic: Traffic;

beforeAll(async () => {
  [database, bareDatabase] = [await createTestDatabase(), await createTestDatabase()];
  redis = await startRedis();
  links = { postgres: await TcpProxy.to(database.url), redis: await TcpProxy.to(redis.url) };
  kubeStateMetrics = await startKubeStateMetrics();
  server = ServerProcess.start({
    DATABASE_URL: links.postgres.through(database.url),
    REDIS_URL: links.redis.through(redis.url),
    DATABASE_POOL_MIN: '1',
    DATABASE_POOL_MAX: String(POOL_MAX),
    METRICS_PORT: '0',
    STALE_IF_ERROR_SECONDS: '1',
    CACHE_TTL_POSTS_SECONDS: '1',
    WEBHOOKS_ALLOW_PRIVATE: 'true',
    // Any server that answers 2xx can stand in for a CDN and for a webhook receiver.
    CDN_PURGE_PROVIDER: 'generic',
    CDN_PURGE_URL: `http://${kubeStateMetrics.address}/`,
    CDN_PURGE_AGAIN_SECONDS: '0',
    // Low enough for the traffic to reach it.
    RATE_LIMIT_LOGIN: '5',
    WELCOME: 'false',
  });
  // Without Redis, a CDN and webhooks.
  bare = ServerProcess.start({ DATABASE_URL: bareDatabase.url, METRICS_PORT: '0', WELCOME: 'false' });
  const url = await server.address();
  bareTraffic = await Traffic.start({ url: await bare.address(), databaseUrl: bareDatabase.url });
  prometheus = await PrometheusServer.start(
    [
      { job: 'inkwell', release: 'r', address: metricsOf(server) },
      { job: 'inkwell', release: 'bare', address: metricsOf(bare) },
      { job: 'kube-state-metrics', release: 'r', address: kubeStateMetrics.address },
    ],
    RULES,
  );
  traffic = await Traffic.start({ url, databaseUrl: database.url });
  await traffic.tell(`http://${kubeStateMetrics.address}/`);
  await traffic.guessPasswords();
  await traffic.withoutRedis(links.redis, () => has('cache_errors_total{tier="redis"}'));
  await traffic.withoutPostgres(links.postgres, () =>
    has(
      'http_requests_total{route="/readyz",status="503"} and on () http_requests_total{status="503",route!="/readyz"}',
    ),
  );
}, TEST_MS);

afterAll(async () => {
  await prometheus.stop();
  for (const each of [server, bare]) {
    each.signal('SIGTERM');
    await each.ended();
  }
  kubeStateMetrics.stop();
  await links.postgres.close();
  await links.redis.close();
  redis.stop();
  await database.drop();
  await bareDatabase.drop();
}, TEST_MS);

const metricsOf = ({ output }: ServerProcess): string =>
  `127.0.0.1:${/Metrics +http:\/\/localhost:(\d+)\//.exec(output)?.[1]}`;

const has = async (expression: string): Promise<boolean> => (await prometheus.query(expression)).length > 0;

/** Continues the traffic until every panel has data. @returns what is still missing when the time is over */
async function still<T>(missing: () => Promise<T[]>, there = traffic, ms = 120_000): Promise<T[]> {
  const deadline = Date.now() + ms;
  for (;;) {
    await there.goOn();
    const left = await missing();
    if (left.length === 0 || Date.now() > deadline) return left;
    await sleep(500);
  }
}

async function withoutSeries(selectors: readonly string[]): Promise<string[]> {
  const found = await Promise.all(selectors.map(has));
  return selectors.filter((_, index) => !found[index]);
}

const selectorsOf = (expression: string): string[] => [
  ...(expression.match(/[a-z_][a-z0-9_]*\{[^}]*\}/g) ?? []),
  ...(expression.match(/inkwell:[a-z0-9_:]+/g) ?? []),
];

describe('the dashboard, asked of a real Prometheus that scrapes a real server', () => {
  it(
    'has data in every query of every panel',
    async () => {
      const queries = panelQueries({ $release: 'r' });
      expect(queries.length).toBeGreaterThan(35);
      expect(await still(() => withoutData(prometheus, queries))).toEqual([]);
    },
    TEST_MS,
  );

  it(
    'says in every panel that is empty without Redis, CDN and webhooks what that means, and in no other',
    async () => {
      const queries = panelQueries({ $release: 'bare', $autoscaler: 'of-somebody-else' });
      const empty = async (): Promise<PanelQuery[]> => {
        const without = await withoutData(prometheus, queries);
        // One query with data is enough for the panel to show it.
        return without.filter(({ panel }) =>
          queries.every((query) => query.panel !== panel || without.includes(query)),
        );
      };
      const unexplained = async (): Promise<string[]> =>
        (await empty()).filter((query) => query.empty === undefined).map(({ panel }) => panel);
      expect(await still(unexplained, bareTraffic)).toEqual([]);
      const explained = queries.filter((query) => query.empty !== undefined).map(({ panel }) => panel);
      expect(new Set((await empty()).map(({ panel }) => panel))).toEqual(new Set(explained));
    },
    TEST_MS,
  );

  it('would show a panel whose metric does not exist, and one that does not parse', async () => {
    const misspelt = {
      panel: 'Refused',
      expression: 'sum by (policy) (rate(rate_limit_total{job="inkwell"}[20s]))',
    };
    expect(await withoutData(prometheus, [misspelt])).toEqual([misspelt]);
    const broken = { panel: 'Refused', expression: 'sum by (policy (rate(rate_limited_total[20s])))' };
    await expect(withoutData(prometheus, [broken])).rejects.toThrow(/parse error/);
  });
});

describe('the alerts, in a real Prometheus that scrapes a real server', () => {
  it(
    'asks in every rule for series that there are, by labels that they have',
    async () => {
      const selectors = [...new Set(rules.flatMap(({ expr }) => selectorsOf(expr)))];
      expect(selectors.length).toBeGreaterThan(20);
      expect(await still(() => withoutSeries(selectors))).toEqual([]);
    },
    TEST_MS,
  );

  it(
    'evaluates every rule',
    async () => {
      const unhealthy = async () => (await prometheus.rules()).filter(({ health }) => health !== 'ok');
      expect(await still(unhealthy)).toEqual([]);
      expect(await prometheus.rules()).toHaveLength(rules.length);
    },
    TEST_MS,
  );
});

describe('the queries of the runbooks, in a real Prometheus that scrapes a real server', () => {
  it(
    'are understood, and ask for series that there are',
    async () => {
      const expressions = runbooks.flatMap(({ text }) => linesOf(text, 'promql'));
      expect(expressions.length).toBeGreaterThan(10);
      await Promise.all(expressions.map((expression) => prometheus.query(expression)));
      const selectors = [...new Set(expressions.flatMap(selectorsOf))];
      expect(await still(() => withoutSeries(selectors))).toEqual([]);
    },
    TEST_MS,
  );
});

describe('the sessions that the chart counts for a replica', () => {
  it(
    'are at most its pool and two more',
    async () => {
      const sessions = async (): Promise<number> => {
        const [row] = await query<{ count: number }>(
          database.url,
          `SELECT count(*)::int AS count FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid()`,
        );
        return row!.count;
      };
      let most = 0;
      for (let round = 0; round < 5; round += 1) {
        const crowd = traffic.crowd(30);
        most = Math.max(most, await sessions());
        await crowd;
      }
      most = Math.max(most, await sessions());
      expect(most).toBeGreaterThan(2);
      expect(most).toBeLessThanOrEqual(POOL_MAX + 2);
    },
    TEST_MS,
  );
});
