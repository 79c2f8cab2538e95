import { generateLoad, wrkVersion } from '../load/wrk.js';
import { measure } from '../hit/measure.js';
import { MANY, POPULAR } from '../hit/paths.js';
import { CONNECTIONS, type Scenario, type Subject } from '../hit/scenario.js';
import { pinToLoadCore } from '../machine/cores.js';
import { versions } from '../machine/versions.js';
import { inkwell, LASTING, UNCACHED } from '../servers/inkwell.js';
import { ServerProcess } from '../servers/server-process.js';
import { startPostgres } from '../services/postgres.js';
import { startRedis } from '../services/redis.js';
import { insertSampleBlog } from '../services/sample-blog.js';

const WARM_UP_SECONDS = 3;

export interface AgainstBenchmark {
  /** The main file of another build. */
  readonly other: string;
  readonly rounds: number;
  /** One run of one scenario. */
  readonly seconds: number;
  readonly report: (progress: string) => void;
}

/** CPU time of the server per request in µs, one figure per round. */
export interface Comparison {
  readonly name: string;
  readonly before: number[];
  readonly after: number[];
}

interface Pair {
  readonly name: string;
  readonly before: Scenario;
  readonly after: Scenario;
}

/** Compares what a request costs in two builds that share a database and a Redis, in interleaved rounds. */
export async function runAgainstBenchmark({ other, rounds, seconds, report }: AgainstBenchmark): Promise<{
  readonly versions: Readonly<Record<string, string>>;
  readonly comparisons: readonly Comparison[];
}> {
  pinToLoadCore();
  await using started = new AsyncDisposableStack();
  report('starting PostgreSQL, Redis and both builds');
  const redis = started.adopt(await startRedis(), (server) => server.stop());
  const postgres = started.adopt(await startPostgres(), (server) => server.stop());
  await insertSampleBlog(postgres.url);
  const start = async (script: string, environment: Record<string, string>): Promise<ServerProcess> => {
    const spec = inkwell({ DATABASE_URL: postgres.url, ...environment });
    return started.adopt(await ServerProcess.start({ ...spec, script }), (server) => server.stop());
  };
  const both = async (environment: Record<string, string>): Promise<Servers> => ({
    before: await start(other, environment),
    after: await start('dist/main.js', environment),
  });
  const warm = await both({ ...LASTING, REDIS_URL: redis.url });
  const uncached = await both(UNCACHED);
  const pairs = [
    pairOf('list', 'hit', warm, [POPULAR.list]),
    pairOf('post', 'hit', warm, [POPULAR.post]),
    pairOf('list', 'miss', uncached, MANY.list),
    pairOf('post', 'miss', uncached, MANY.post),
  ];
  report('warming up');
  for (const { before, after } of pairs)
    for (const { load } of [before, after]) await generateLoad(load, WARM_UP_SECONDS);
  return {
    versions: versions({ PostgreSQL: postgres.version, Redis: redis.version, wrk: wrkVersion() }),
    comparisons: await compare(pairs, { rounds, seconds, report }),
  };
}

interface Servers {
  readonly before: ServerProcess;
  readonly after: ServerProcess;
}

function pairOf(
  subject: Subject,
  kind: 'hit' | 'miss',
  { before, after }: Servers,
  paths: readonly [string, ...string[]],
): Pair {
  const of = (server: ServerProcess): Scenario => ({
    subject,
    name: kind,
    server,
    cacheStatus: kind === 'hit' ? 'inkwell; hit' : 'inkwell; fwd=miss',
    load: { origin: server.origin, paths, headers: {}, connections: CONNECTIONS },
  });
  return { name: `${subject} ${kind}`, before: of(before), after: of(after) };
}

/** The builds take turns in starting a round, so that neither always runs first. */
async function compare(
  pairs: readonly Pair[],
  { rounds, seconds, report }: Omit<AgainstBenchmark, 'other'>,
): Promise<Comparison[]> {
  const comparisons = pairs.map(({ name }) => ({ name, before: [] as number[], after: [] as number[] }));
  for (let round = 1; round <= rounds; round += 1) {
    report(`round ${round} of ${rounds}`);
    for (const [i, pair] of pairs.entries())
      for (const side of round % 2 === 0 ? (['before', 'after'] as const) : (['after', 'before'] as const))
        comparisons[i]![side].push((await measure(pair[side], seconds)).cpuMicros);
  }
  return comparisons;
}
