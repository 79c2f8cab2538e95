import { LIMIT_MIB } from './limited-server.js';
import type { Observed } from './observers.js';

/** The longest acceptable wait of readers. */
const P99_LIMIT_MS = 100;
export const WORST_LIMIT_MS = 150;

export interface JudgedSecond {
  readonly second: number;
  readonly hits: number;
  readonly p99Ms: number;
  readonly worstMs: number;
  /** The slowest echo of the idle process in this second and the adjacent ones. */
  readonly machineMs: number;
  readonly failures: readonly string[];
}

export interface Outcome {
  readonly worstHitMs: number;
  readonly seconds: readonly JudgedSecond[];
  readonly peakMib: number;
  /** How the server ended, if it did. */
  readonly fate: string | undefined;
  readonly failures: readonly string[];
}

const worst = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), 0);

/** The nearest rank. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

export function judgedSeconds({ hits, echoes }: Observed): JudgedSecond[] {
  const machine = new Map(echoes.map(({ second, ms }) => [second, worst(ms)]));
  return hits.map(({ second, ms, failures }) => ({
    second,
    hits: ms.length,
    p99Ms: percentile(ms, 0.99),
    worstMs: worst(ms),
    machineMs: worst([second - 1, second, second + 1].map((at) => machine.get(at) ?? 0)),
    failures,
  }));
}

/** A second in which the machine stood still is excused, but only for that long. */
export function failuresOf({ worstHitMs, seconds, peakMib, fate, failures }: Outcome): string[] {
  const found = [...failures];
  if (fate !== undefined) found.push(`the server ${fate}`);
  if (peakMib > LIMIT_MIB) found.push(`it took ${Math.round(peakMib)} MiB of ${LIMIT_MIB}`);
  const slow = seconds.filter(({ p99Ms, machineMs }) => p99Ms > P99_LIMIT_MS + machineMs);
  if (slow.length > 0)
    found.push(`p99 over ${P99_LIMIT_MS} ms in ${slow.length} of ${seconds.length} seconds`);
  const late = seconds.filter(({ worstMs, machineMs }) => worstMs > worstHitMs + machineMs);
  if (late.length > 0)
    found.push(`a hit over ${worstHitMs} ms in ${late.length} of ${seconds.length} seconds`);
  const failed = seconds.flatMap((second) => second.failures);
  if (failed.length > 0) found.push(`${failed.length} hits failed, such as: ${failed[0]}`);
  return found;
}

/** The maximum over all results in milliseconds. */
export const worstOf = (seconds: readonly JudgedSecond[], of: 'p99Ms' | 'worstMs' | 'machineMs'): number =>
  worst(seconds.map((second) => second[of]));
