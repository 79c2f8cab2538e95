import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRedisAvailable } from '../test/support/redis-server.js';
import { Slowness } from '../test/support/slowness.js';
import { addProbes, createPosts, insertPosts, stockPosts } from './blogs.js';
import { Contestant } from './contestant.js';

const SECONDS = 60;
const REPLICAS = 3;
const READS_PER_SECOND = 200;
const WRITES_PER_SECOND = 5;
const STOCK_TTL_MS = 5_000;
const STOCK = '.cache/coherence/bench/stock/main.js';
const SEED = 1;

type Print = (line: string) => void;

/** Happens to both systems, `atSecond` of the minute. */
interface Incident {
  readonly atSecond: number;
  readonly text: string;
  readonly happen: () => Promise<void> | void;
}

/**
 * Runs Inkwell next to a stock Nest application, with the same readers, writers and accidents, and shows which of them
 * serves stale answers.
 */
export async function runDemo(print: Print): Promise<void> {
  if (!existsSync(STOCK)) throw new Error('Run it by `npm run demo`, which builds it');
  const hasRedis = isRedisAvailable();
  print(
    `Inkwell and a stock Nest application (CacheInterceptor, TTL ${STOCK_TTL_MS / 1000} s): ${REPLICAS} replicas each.`,
  );
  print(
    'A write goes to any replica. A read that begins after the write was acknowledged, and shows the state before,',
  );
  print('is stale. Starting ...');
  if (!hasRedis)
    print('There is no redis-server on PATH: Inkwell runs without a shared tier, and none is killed.');
  const inkwell = await Contestant.start('Inkwell', { replicas: REPLICAS, hasRedis }, SEED);
  try {
    inkwell.posts = await createPosts(inkwell);
    const stock = await startStock();
    try {
      for (const contestant of [inkwell, stock]) addProbes(contestant, contestant.posts);
      const slowness = new Slowness();
      await minute([inkwell, stock], incidentsOf(inkwell, stock, hasRedis), print);
      print('');
      const line = await slowness.end();
      if (line !== undefined) print(line);
      for (const { name, stage } of [inkwell, stock])
        for (const [kind, count] of stage.judge.errors) print(`${name}: ${count} × ${kind}`);
      print(summary([inkwell, stock]));
    } finally {
      await stock.stop();
    }
  } finally {
    await inkwell.stop();
  }
  if (inkwell.stage.judge.violationCount > 0) process.exitCode = 1;
}

async function startStock(): Promise<Contestant> {
  const options = {
    replicas: REPLICAS,
    script: STOCK,
    readyPath: '/blog/api/posts',
    prepare: insertPosts,
    hasRedis: false,
    environment: { TTL_MS: String(STOCK_TTL_MS) },
  };
  const stock = await Contestant.start('stock Nest', options, SEED);
  stock.posts = stockPosts(stock);
  return stock;
}

function incidentsOf(inkwell: Contestant, stock: Contestant, hasRedis: boolean): Incident[] {
  const victims = [inkwell, stock].map(({ stage }) => stage.cluster.nodes[2]!.replica);
  const { cluster } = inkwell.stage;
  const frozen: Incident[] = [
    {
      atSecond: 15,
      text: 'replica 3 of each is frozen (SIGSTOP)',
      happen: () => victims.forEach((replica) => replica.freeze()),
    },
    {
      atSecond: 20,
      text: 'replica 3 of each goes on',
      happen: () => victims.forEach((replica) => replica.thaw()),
    },
  ];
  const redis: Incident[] = [
    { atSecond: 35, text: 'Redis is killed', happen: () => cluster.killRedis() },
    { atSecond: 50, text: 'Redis is back, empty', happen: () => cluster.restartRedis() },
  ];
  return hasRedis ? [...frozen, ...redis] : frozen;
}

async function minute(
  contestants: readonly Contestant[],
  incidents: readonly Incident[],
  print: Print,
): Promise<void> {
  const startMs = performance.now();
  const endMs = startMs + SECONDS * 1000;
  const isOver = (): boolean => performance.now() > endMs;
  await Promise.all([
    ...contestants.map((contestant) => contestant.load(READS_PER_SECOND, WRITES_PER_SECOND, isOver)),
    ...incidents.map(async ({ atSecond, text, happen }) => {
      await sleep(atSecond * 1000);
      print(`${String(atSecond).padStart(3)} s   ${text}`);
      await happen();
    }),
    tellProgress(contestants, isOver, startMs, print),
  ]);
  // Waits for the last answers.
  await sleep(1_000);
}

async function tellProgress(
  contestants: readonly Contestant[],
  isOver: () => boolean,
  startMs: number,
  print: Print,
): Promise<void> {
  for (await sleep(5_000); !isOver(); await sleep(5_000)) {
    const seconds = Math.round((performance.now() - startMs) / 1000);
    const states = contestants.map(
      ({ name, stage: { judge } }) => `${name}: ${judge.reads} reads, ${judge.violationCount} stale`,
    );
    print(`${String(seconds).padStart(3)} s   ${states.join('   ')}`);
  }
}

const summary = (contestants: readonly Contestant[]): string =>
  contestants
    .map(({ name, stage: { judge, writes } }) => {
      const failed = [...judge.errors.values()].reduce((sum, count) => sum + count, 0);
      return `${name}: ${judge.reads} reads, ${judge.violationCount} stale, ${writes.acknowledged} writes${failed === 0 ? '' : `, ${failed} errors`}`;
    })
    .join(' | ');
