import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Load {
  /** Of the server: scheme, host, port. */
  readonly origin: string;
  /** Asked for in turn, again and again; different ones so that requests at one moment are not for one thing. */
  readonly paths: readonly [string, ...string[]];
  readonly headers: Readonly<Record<string, string>>;
  readonly connections: number;
}

export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  readonly p99Ms: number;
}

const SCRIPTS = import.meta.dirname;

/** @throws one line that says how to get it */
export function wrkVersion(): string {
  const version = /^wrk \S+/.exec(spawnSync('wrk', ['--version'], { encoding: 'utf8' }).stdout ?? '');
  if (version === null)
    throw new Error('The benchmark needs wrk on PATH (Debian and Ubuntu: apt-get install wrk)');
  return version[0];
}

/** Loads a server from one thread. @throws when a single request failed: then nothing was measured */
export async function generateLoad(load: Load, seconds: number): Promise<LoadResult> {
  const folder = mkdtempSync(join(tmpdir(), 'inkwell-load-'));
  try {
    const { stdout } = await run('wrk', argumentsOf(load, seconds, join(folder, 'paths')));
    const { failed, ...result } = JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as LoadResult & {
      failed: number;
    };
    if (failed > 0) throw new Error(`${failed} of ${result.requests} requests of ${load.paths[0]} failed`);
    return result;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function argumentsOf(
  { origin, paths, headers, connections }: Load,
  seconds: number,
  pathsFile: string,
): string[] {
  const lines = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const common = ['-t1', `-c${connections}`, `-d${seconds}s`, ...lines];
  if (paths.length === 1) return [...common, '-s', join(SCRIPTS, 'summary.lua'), origin + paths[0]];
  writeFileSync(pathsFile, paths.join('\n'));
  return [...common, '-s', join(SCRIPTS, 'cycle.lua'), origin, '--', pathsFile];
}
