import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countCacheStatuses, generateLoad, wrkVersion } from '../load/wrk.js';
import { pinToLoadCore } from '../machine/cores.js';
import { versions } from '../machine/versions.js';
import { ServerProcess, type ServerSpec } from '../servers/server-process.js';
import { startPostgres } from '../services/postgres.js';
import { startRedis } from '../services/redis.js';
import { insertSampleBlog } from '../services/sample-blog.js';
import { type Contestants, startContestants } from './contestants.js';
import type { Series } from './goals.js';
import { measure, type Sample } from './measure.js';
import { assertSameBytes, type Sizes } from './same-bytes.js';
import type { Scenario, Subject } from './scenario.js';
import { scenariosOf } from './scenarios.js';

const WARM_UP_SECONDS = 5;

export interface HitBenchmark {
  readonly rounds: number;
  /** One run of one scenario. */
  readonly seconds: number;
  readonly only: readonly Subject[];
  readonly report: (progress: string) => void;
}

export interface HitResults {
  readonly versions: Readonly<Record<string, string>>;
  /** Body sizes in bytes of a list and of a post. */
  readonly sizes: Sizes;
  readonly series: readonly Series[];
  /** Warns about a series in which some answers came from the wrong source. Its figures mean nothing. */
  readonly strays: readonly string[];
}

/**
 * Measures what a request costs the server, compared with a minimal and with an ordinary server, in interleaved rounds.
 */
export async function runHitBenchmark(options: HitBenchmark): Promise<HitResults> {
  const wrk = wrkVersion();
  pinToLoadCore();
  await using started = new AsyncDisposableStack();
  leaveOnSignal(started);
  options.report('starting PostgreSQL, Redis and the servers');
  const redis = started.adopt(await startRedis(), (server) => server.stop());
  const postgres = started.adopt(await startPostgres(), (server) => server.stop());
  await insertSampleBlog(postgres.url);
  const folder = mkdtempSync(join(tmpdir(), 'inkwell-answers-'));
  started.defer(() => rmSync(folder, { recursive: true }));
  const contestants = await startContestants({
    databaseUrl: postgres.url,
    redisUrl: redis.url,
    folder,
    start: async (spec: ServerSpec) =>
      started.adopt(await ServerProcess.start(spec), (server) => server.stop()),
  });
  return {
    versions: versions({ PostgreSQL: postgres.version, Redis: redis.version, wrk }),
    sizes: await assertSameBytes(contestants),
    ...(await compare(contestants, options)),
  };
}

/** Warms up, checks, runs the rounds, and checks again. */
async function compare(
  contestants: Contestants,
  { rounds, seconds, only, report }: HitBenchmark,
): Promise<Pick<HitResults, 'series' | 'strays'>> {
  const scenarios = (await scenariosOf(contestants)).filter(({ subject }) => only.includes(subject));
  report('warming up');
  for (const { load } of scenarios) await generateLoad(load, WARM_UP_SECONDS);
  const strays = await straysOf(scenarios);
  const samples = new Map<Scenario, Sample[]>(scenarios.map((scenario) => [scenario, []]));
  for (let round = 1; round <= rounds; round += 1) {
    report(`round ${round} of ${rounds}`);
    for (const [scenario, taken] of samples) taken.push(await measure(scenario, seconds));
  }
  strays.push(...(await straysOf(scenarios)));
  const series = [...samples].map(([{ subject, name }, taken]) => ({ subject, name, samples: taken }));
  return { series, strays };
}

/** Loads each server for a second. @returns a line for each with answers from the wrong source */
async function straysOf(scenarios: readonly Scenario[]): Promise<string[]> {
  const strays: string[] = [];
  for (const { subject, name, load, cacheStatus } of scenarios) {
    const { [cacheStatus]: meant, ...others } = await countCacheStatuses(load);
    if (meant === undefined || Object.keys(others).length > 0)
      strays.push(
        `${subject}: ${name}: ${meant ?? 0} × "${cacheStatus}", but also ${JSON.stringify(others)}`,
      );
  }
  return strays;
}

function leaveOnSignal(started: AsyncDisposableStack): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void started.disposeAsync().finally(() => process.exit(130)));
}
