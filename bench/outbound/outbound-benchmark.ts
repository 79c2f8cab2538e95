import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { generateLoad, type LoadResult, wrkVersion } from '../load/wrk.js';
import { onServerCore, pinToLoadCore } from '../machine/cores.js';
import { startFlags } from '../machine/start-flags.js';
import { versions } from '../machine/versions.js';
import { ServerProcess } from '../servers/server-process.js';
import { type Certificate, makeCertificate } from './certificate.js';

const execute = promisify(execFile);
const file = (name: string): string => join(import.meta.dirname, `${name}.js`);

const MEMORY_RUNS = 3;
const ROUTE_ROUNDS = 5;
const ROUTE_SECONDS = 3;
const ROUTE_CONNECTIONS = 20;

interface Origins {
  readonly http: readonly string[];
  readonly https: readonly string[];
}

/** Medians of the rounds, in ms. */
export interface Latencies {
  readonly pooledMs: readonly number[];
  readonly unpooledMs: readonly number[];
}

/** In bytes. `live` means objects that V8 keeps after garbage collection. */
export interface MemoryUse {
  readonly rss: number;
  readonly live: number;
}

/** After 10,000 and after 100,000 calls. */
export interface MemoryRun {
  readonly early: MemoryUse;
  readonly late: MemoryUse;
}

export interface OutboundResults {
  readonly versions: Readonly<Record<string, string>>;
  /** Flags for the callers' Node. */
  readonly flags: readonly string[];
  readonly used: { readonly calls: number; readonly connections: number };
  readonly http: Latencies;
  readonly https: Latencies;
  /** Separate processes. */
  readonly memory: readonly MemoryRun[];
  readonly route: { readonly pooled: readonly LoadResult[]; readonly unpooled: readonly LoadResult[] };
}

/**
 * Measures what the pool saves: the same calls through it and on new connections. The callers have a core of their own,
 * and run like the server under `npm start`.
 */
export async function runOutboundBenchmark(report: (progress: string) => void): Promise<OutboundResults> {
  const wrk = wrkVersion();
  pinToLoadCore();
  await using started = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'inkwell-outbound-'));
  started.defer(() => rmSync(folder, { recursive: true }));
  const certificate = makeCertificate(folder);
  const { child, origins } = await startTargets(certificate);
  started.defer(() => void child.kill());
  const task = async <T>(name: string, targets: readonly string[]): Promise<T> => {
    report(name);
    return runTask<T>(name, targets, certificate);
  };
  const memory: MemoryRun[] = [];
  while (memory.length < MEMORY_RUNS) memory.push(await task('memory', origins.http));
  return {
    versions: versions({ wrk }),
    flags: startFlags(),
    used: await task('connections', origins.http),
    http: await task('latency', origins.http),
    https: await task('latency', origins.https),
    route: await measureRoute(origins.http[0]!, report),
    memory,
  };
}

async function startTargets({
  keyFile,
  certificateFile,
}: Certificate): Promise<{ child: ChildProcess; origins: Origins }> {
  const child = spawn(process.execPath, [file('targets'), keyFile, certificateFile], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, origins: JSON.parse(line.toString()) as Origins };
}

async function runTask<T>(
  name: string,
  targets: readonly string[],
  { certificateFile }: Certificate,
): Promise<T> {
  const words = [...startFlags(), '--expose-gc', file('caller'), name, ...targets];
  const [command, args] = onServerCore(process.execPath, words);
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: certificateFile };
  return JSON.parse((await execute(command, args, { env })).stdout) as T;
}

async function measureRoute(
  target: string,
  report: (progress: string) => void,
): Promise<OutboundResults['route']> {
  report('a route that makes one call');
  const environment = { TARGET: `${target}/` };
  const server = await ServerProcess.start({ script: file('route'), environment, readyPath: '/pooled' });
  const results = { pooled: [] as LoadResult[], unpooled: [] as LoadResult[] };
  try {
    for (let round = 0; round <= ROUTE_ROUNDS; round += 1) {
      for (const name of ['pooled', 'unpooled'] as const) {
        const load = {
          origin: server.origin,
          paths: [`/${name}`] as const,
          headers: {},
          connections: ROUTE_CONNECTIONS,
        };
        const result = await generateLoad(load, ROUTE_SECONDS);
        // The first round warms up.
        if (round > 0) results[name].push(result);
      }
    }
  } finally {
    await server.stop();
  }
  return results;
}
