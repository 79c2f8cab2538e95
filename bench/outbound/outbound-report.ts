import { ratioOf, type Spread, spreadOf } from '../report/statistics.js';
import type { Latencies, OutboundResults } from './outbound-benchmark.js';

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
    measured: memory.late.rss / memory.early.rss,
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

const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(0)} MiB`;

/** Medians over the rounds, with the least and the greatest. */
export function outboundReport(results: OutboundResults): { text: string; isMet: boolean } {
  const goals = goalsOf(results);
  const { used, memory } = results;
  const lines = [
    `${used.calls} calls at 100 at once to 2 hosts opened ${used.connections} connections: ${(100 - (100 * used.connections) / used.calls).toFixed(1)} % fewer than one a call`,
    ...latencyLines('HTTP', results.http),
    ...latencyLines('TLS', results.https),
    ...routeLines(results),
    `RSS: after 10,000 calls ${megabytes(memory.early.rss)}, after 100,000 ${megabytes(memory.late.rss)}; live objects ${megabytes(memory.early.live)}, ${megabytes(memory.late.live)}`,
    '',
    ...goals.map(
      ({ what, measured, atMost, digits }) =>
        `${measured <= atMost ? '✓' : '✗'} ${what.padEnd(42)} ${measured.toFixed(digits).padStart(6)}   goal ≤ ${atMost}`,
    ),
  ];
  return { text: lines.join('\n'), isMet: goals.every(({ measured, atMost }) => measured <= atMost) };
}
