import { setTimeout as sleep } from 'node:timers/promises';
import { firstValueFrom } from 'rxjs';
import type { HttpService } from '@nestjs/axios';
import { openPool, pooledService, unpooledService } from './clients.js';
import type { MemoryRun, MemoryUse } from './outbound-benchmark.js';

// One task per process: `node --expose-gc caller.js TASK ORIGIN...` prints its result as a line of JSON.

const CALLS = 10_000;
const AT_ONCE = 100;
const MANY_CALLS = 100_000;
const ROUNDS = 40;
const CALLS_A_ROUND = 50;

type Task = (origins: readonly string[]) => Promise<unknown>;

const ask = (http: HttpService, url: string): Promise<unknown> => firstValueFrom(http.get(`${url}/`));

/** Makes `calls` calls to the hosts in turn, AT_ONCE at a time. */
async function callAtOnce(http: HttpService, origins: readonly string[], calls: number): Promise<void> {
  let next = 0;
  const caller = async (): Promise<void> => {
    while (next < calls) await ask(http, origins[next++ % origins.length]!);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, caller));
}

async function connections(origins: readonly string[]): Promise<{ calls: number; connections: number }> {
  const pool = openPool();
  await callAtOnce(pooledService(pool), origins, CALLS);
  return { calls: CALLS, connections: pool.sockets.created };
}

async function timesOf(http: HttpService, url: string): Promise<number[]> {
  const times: number[] = [];
  for (let call = 0; call < CALLS_A_ROUND; call += 1) {
    const startedAt = performance.now();
    await ask(http, url);
    times.push(performance.now() - startedAt);
  }
  return times;
}

const medianOf = (times: number[]): number => times.toSorted((a, b) => a - b)[times.length >> 1]!;

/** Both take short turns of one call after another, so that a slow phase of the machine affects both. */
async function latency([url = '']: readonly string[]): Promise<{ pooledMs: number[]; unpooledMs: number[] }> {
  const services = { pooledMs: pooledService(openPool()), unpooledMs: unpooledService() };
  const rounds: { pooledMs: number[]; unpooledMs: number[] } = { pooledMs: [], unpooledMs: [] };
  for (let round = -4; round < ROUNDS; round += 1) {
    for (const name of ['pooledMs', 'unpooledMs'] as const) {
      const times = await timesOf(services[name], url);
      // The first rounds warm up.
      if (round >= 0) rounds[name].push(medianOf(times));
    }
  }
  return rounds;
}

/** Measured after garbage collection, when its memory has been returned. */
async function memoryNow(): Promise<MemoryUse> {
  for (let round = 0; round < 5; round += 1) {
    globalThis.gc?.();
    await sleep(100);
  }
  const { rss, heapUsed } = process.memoryUsage();
  return { rss, live: heapUsed };
}

async function memory(origins: readonly string[]): Promise<MemoryRun> {
  const http = pooledService(openPool());
  await callAtOnce(http, origins, CALLS);
  const early = await memoryNow();
  await callAtOnce(http, origins, MANY_CALLS - CALLS);
  return { early, late: await memoryNow() };
}

const tasks: Readonly<Record<string, Task>> = { connections, latency, memory };
const [name = '', ...origins] = process.argv.slice(2);
process.stdout.write(`${JSON.stringify(await tasks[name]!(origins))}\n`);
process.exit(0);
