import { generateLoad } from '../load/wrk.js';
import { coresBusy } from '../machine/cores.js';
import { cpuSecondsOf, cpuSecondsOfEndedChildren } from '../machine/process-cpu.js';
import type { Scenario } from './scenario.js';

/** One run of one scenario. Shares are parts of one core. */
export interface Sample {
  /** CPU time of the server, all of its threads, user and kernel, divided by the requests it answered. */
  readonly cpuMicros: number;
  readonly requestsPerSecond: number;
  readonly p99Ms: number;
  /** CPU of wrk. */
  readonly generatorShare: number;
  /**
   * CPU of everything on the load generator's core. If it is near 1, the load generator limits the request rate, not
   * the server.
   */
  readonly loadCoreShare: number;
  /** CPU of other processes on the server's core, which slow the server down and evict its CPU caches. */
  readonly strangersShare: number;
}

export async function measure({ server, load }: Scenario, seconds: number): Promise<Sample> {
  const before = readClocks(server.pid);
  const { requests, seconds: loaded, p99Ms } = await generateLoad(load, seconds);
  const after = readClocks(server.pid);
  const spent = (clock: keyof Clocks): number => after[clock] - before[clock];
  return {
    cpuMicros: (spent('server') / requests) * 1e6,
    requestsPerSecond: requests / loaded,
    p99Ms,
    generatorShare: spent('generator') / spent('wall'),
    loadCoreShare: spent('loadCore') / spent('wall'),
    strangersShare: Math.max(0, spent('serverCore') - spent('server')) / spent('wall'),
  };
}

/** All values in seconds. */
interface Clocks {
  readonly wall: number;
  readonly server: number;
  readonly generator: number;
  readonly serverCore: number;
  readonly loadCore: number;
}

function readClocks(serverPid: number): Clocks {
  const { serverSeconds, loadSeconds } = coresBusy();
  return {
    wall: performance.now() / 1000,
    server: cpuSecondsOf(serverPid),
    generator: cpuSecondsOfEndedChildren(),
    serverCore: serverSeconds,
    loadCore: loadSeconds,
  };
}
