import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

export interface Load {
  /** The server's scheme, host and port. */
  readonly origin: string;
  /** Requested in turn. They differ, so that concurrent requests are not for the same thing. */
  readonly paths: readonly [string, ...string[]];
  readonly headers: Readonly<Record<string, string>>;
  readonly connections: number;
}

export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

/** @throws a one-line error that says how to install it */
export function wrkVersion(): string {
  const version = /^wrk (\S+)/.exec(spawnSync('wrk', ['--version'], { encoding: 'utf8' }).stdout ?? '')?.[1];
  if (version === undefined)
    throw new Error('The benchmark needs wrk on PATH (Debian and Ubuntu: apt-get install wrk)');
  return version;
}

/**
 * How many paths of a load have been requested. Each run continues from there, so that a path recurs as late as
 * possible.
 */
const askedSoFar = new WeakMap<Load, number>();

/** Loads a server from one thread. @throws if a single request failed, because then nothing was measured */
export async function generateLoad(load: Load, seconds: number): Promise<LoadResult> {
  const script = load.paths.length === 1 ? 'summary.lua' : 'cycle.lua';
  const { failed, ...result } = (await wrk(script, load, seconds)) as LoadResult & { failed: number };
  countAsked(load, result.requests);
  if (failed > 0) throw new Error(`${failed} of ${result.requests} requests of ${load.paths[0]} failed`);
  return result;
}

/** Loads a server for a second. @returns the number of answers per Cache-Status; `none` without one */
export async function countCacheStatuses(load: Load): Promise<Record<string, number>> {
  const counted = (await wrk('cache-status.lua', load, 1)) as Record<string, number>;
  countAsked(
    load,
    Object.values(counted).reduce((sum, count) => sum + count),
  );
  return counted;
}

/** wrk drops the requests in flight when the time is over. */
const countAsked = (load: Load, answered: number): unknown =>
  askedSoFar.set(load, startOf(load) + answered + load.connections);

const startOf = (load: Load): number => askedSoFar.get(load) ?? 0;

/** @returns the last line that the script printed */
async function wrk(script: string, load: Load, seconds: number): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), 'inkwell-load-'));
  try {
    const pathsFile = join(folder, 'paths');
    writeFileSync(pathsFile, load.paths.join('\n'));
    const headers = Object.entries(load.headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
    const options = ['-t1', `-c${load.connections}`, `-d${seconds}s`, ...headers];
    const url = load.origin + load.paths[0];
    const scriptFile = join(import.meta.dirname, script);
    const { stdout } = await execute('wrk', [
      ...options,
      '-s',
      scriptFile,
      url,
      '--',
      pathsFile,
      String(startOf(load)),
    ]);
    return JSON.parse(stdout.trimEnd().split('\n').at(-1)!);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
