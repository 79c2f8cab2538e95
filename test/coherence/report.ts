import type { Violation } from './history/judge.js';
import type { WriteEvent } from './history/register.js';
import type { CheckResult } from './run-check.js';

const SHOWN_VIOLATIONS = 5;
const seconds = (ms: number): string => (ms / 1000).toFixed(3);

function eventLine({ version, by, begunMs, endedMs, outcome }: WriteEvent): string {
  const end = endedMs === undefined ? '' : ` ${seconds(endedMs)}`;
  return `      version ${version} by ${by}: sent ${seconds(begunMs)}, ${outcome}${end}`;
}

function violationLines({ kind, register, seen, expected, path, replica, ...when }: Violation): string[] {
  return [
    `  ${kind}: ${register} is ${seen}, not ${expected}, at ${replica}, GET ${path}, sent ${seconds(when.beganMs)}, answered ${seconds(when.endedMs)}, Cache-Status: ${when.cacheStatus}${when.during === '' ? '' : `, during ${when.during}`}`,
    ...when.history.map(eventLine),
  ];
}

function latencyLines({ latencies }: CheckResult): string[] {
  const ms = (value: number): string => value.toFixed(1).padStart(8);
  return [
    'write latency in ms         writes      p50      p95      max',
    ...latencies
      .toSorted((one, other) => (one.fault < other.fault ? -1 : 1))
      .map(
        ({ fault, count, p50Ms, p95Ms, maxMs }) =>
          `  ${fault.padEnd(22)}${String(count).padStart(10)} ${ms(p50Ms)} ${ms(p95Ms)} ${ms(maxMs)}`,
      ),
  ];
}

const pairs = (map: ReadonlyMap<string, number>): string =>
  [...map].map(([name, count]) => `${name} ${count}`).join(' · ') || 'none';

/** The result of a run, for people. */
export function reportText(result: CheckResult): string {
  const { reads, writes, violationCount, violations, errors, lostWrites } = result;
  return [
    `seed ${result.seed} · ${result.seconds} s · ${reads} reads · ${writes} acknowledged writes · ${violationCount} violations (${pairs(result.violationCounts)}) · ${[...errors.values()].reduce((sum, n) => sum + n, 0)} errors · ${lostWrites.length} lost writes`,
    `marked stale ${result.staleMarked} · 503 to reads while PostgreSQL was away ${result.refusedReads} · writes of unknown outcome ${result.unknownWrites} · acknowledged writes that PostgreSQL may lose and lost ${result.excusedLosses} · not sent ${result.shed}`,
    `fills ${result.fills}, ${(result.fills / Math.max(1, writes)).toFixed(1)} an acknowledged write · the machine did not keep up for ${result.strainedSeconds.toFixed(1)} s`,
    `faults: ${pairs(result.faults)}`,
    ...latencyLines(result),
    ...(errors.size === 0 ? [] : ['errors:', ...[...errors].map(([kind, count]) => `  ${count} × ${kind}`)]),
    ...lostWrites.map(
      ({ register, acknowledged, found, after }) =>
        `lost: ${register} was acknowledged at version ${acknowledged}, and after ${after} the database has ${found}`,
    ),
    ...(violationCount === 0 ? [] : ['violations (times in s of this run):']),
    ...violations.slice(0, SHOWN_VIOLATIONS).flatMap(violationLines),
  ].join('\n');
}
