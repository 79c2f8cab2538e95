import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { TICKS_PER_SECOND } from './process-cpu.js';

/** The core reserved for the server under test … */
const SERVER_CORE = 0;
/** … and the core for the load generator, PostgreSQL, Redis and this process. */
const LOAD_CORE = 1;

/** Pins this process and its children to the load generator's core. @throws if that is not possible */
export function pinToLoadCore(): void {
  if (process.platform !== 'linux' || availableParallelism() < 2)
    throw new Error('The benchmark needs Linux with at least two cores: it pins the server to one of them');
  const pinned = spawnSync('taskset', ['-acp', String(LOAD_CORE), String(process.pid)], { stdio: 'ignore' });
  if (pinned.status !== 0)
    throw new Error('The benchmark needs taskset on PATH (Debian: apt-get install util-linux)');
}

/** The command line that runs `command` on the server's core. */
export const onServerCore = (command: string, args: readonly string[]): [string, string[]] => [
  'taskset',
  ['-c', String(SERVER_CORE), command, ...args],
];

export interface CoresBusy {
  readonly serverSeconds: number;
  readonly loadSeconds: number;
}

/** Seconds that each core has been busy since boot: proc(5), /proc/stat. */
export function coresBusy(): CoresBusy {
  const stat = readFileSync('/proc/stat', 'utf8');
  const busy = (core: number): number => {
    const fields = new RegExp(`^cpu${core} (.*)$`, 'm').exec(stat)?.[1]?.split(' ').map(Number) ?? [];
    const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = fields;
    return (user + nice + system + irq + softirq) / TICKS_PER_SECOND;
  };
  return { serverSeconds: busy(SERVER_CORE), loadSeconds: busy(LOAD_CORE) };
}
