import { ratioOf, type Spread, spreadOf } from '../report/statistics.js';
import type { Latencies, MemoryRun, OutboundResults } from './outbound-benchmark.js';

interface Goal {
  readonly what: string;
  readonly measured: number;
  readonly atMost: number;
  readonly digits: number;
}

const MOST_CONNECTIONS = 60;
const MOST_OF_P50 = 0.8;
const MOST_OF_P50_WITH_TLS = 0.5;
const MOST_GROWTH = 1.1;

const ratio = ({ pooledMs, unpooledMs }: Latencies): number => ratioOf(pooledMs, unpooledMs).median;

const growthOf = (memory: readonly MemoryRun[]): Spread =>
  spreadOf(memory.map(({ early, late }) => late.rss / early.rss));

const goalsOf = ({ used, http, https, memory }: OutboundResults): Goal[] => [
  {
    what: `connections of ${used.calls} calls`,
    measured: used.connections,
    atMost: MOST_CONNECTIONS,
    digits: 0,
  },
  { what: 'p50 with the pool ÷ without, HTTP', measured: ratio(http), atMost: MOST_OF_P50, digits: 2 },
  {
    what: 'p50 with the pool ÷ without, TLS',
    measured: ratio(https),
    atMost: MOST_OF_P50_WITH_TLS,
    digits: 2,
  },
  {
    what: 'RSS after 100,000 calls ÷ after 10,000',
    measured: growthOf(memory).median,
    atMost: MOST_GROWTH,
    digits: 2,
  },
];

const show = ({ median, min, max }: Spread, digits: number): string =>
  `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`;

const latencyLines = (name: string, { pooledMs, unpooledMs }: Latencies): string[] => [
  `p50 of a call over ${name}, ms: with the pool ${show(spreadOf(pooledMs), 3)}, without ${show(spreadOf(unpooledMs), 3)}`,
];

function routeLines({ route }: OutboundResults): string[] {
  const p95 = (name: 'pooled' | 'unpooled'): string =>
    show(spreadOf(route[name].map(({ p95Ms }) => p95Ms)), 1);
  const rate = (name: 'pooled' | 'unpooled'): string =>
    show(spreadOf(route[name].map(({ requests, seconds }) => requests / seconds)), 0);
  return [
    `P95 of a route that makes one call, ms: with the pool ${p95('pooled')}, without ${p95('unpooled')}`,
    `Its requests a second: with the pool ${rate('pooled')}, without ${rate('unpooled')}`,
  ];
}

function memoryLines(memory: readonly MemoryRun[]): string[] {
  const mib = (of: (run: MemoryRun) => number): string =>
    show(spreadOf(memory.map((run) => of(run) / 1024 / 1024)), 0);
  return [
    `RSS, MiB: after 10,000 calls ${mib(({ early }) => early.rss)}, after 100,000 ${mib(({ late }) => late.rss)}: ${show(growthOf(memory), 2)} times as much`,
    `Live objects, MiB: ${mib(({ early }) => early.live)}, ${mib(({ late }) => late.live)}`,
  ];
}

/** Medians over the rounds, with minimum and maximum. */
export function outboundReport(results: OutboundResults): { text: string; isMet: boolean } {
  const goals = goalsOf(results);
  const { flags, used, memory } = results;
  const lines = [
    `Node is started as by npm start, with ${flags.join(' ') || 'no flags'}`,
    `${used.calls} calls at 100 at once to 2 hosts opened ${used.connections} connections: ${(100 - (100 * used.connections) / used.calls).toFixed(1)} % fewer than one a call`,
    ...latencyLines('HTTP', results.http),
    ...latencyLines('TLS', results.https),
    ...routeLines(results),
    ...memoryLines(memory),
    '',
    ...goals.map(
      ({ what, measured, atMost, digits }) =>
        `${measured <= atMost ? '✓' : '✗'} ${what.padEnd(42)} ${measured.toFixed(digits).padStart(6)}   goal ≤ ${atMost}`,
    ),
  ];
  return { text: lines.join('\n'), isMet: goals.every(({ measured, atMost }) => measured <= atMost) };
}
