import type { Sample } from '../hit/measure.js';
import type { Series, Verdict } from '../hit/goals.js';
import { type Spread, spreadOf } from './statistics.js';

const NAME_WIDTH = 30;
/** Share of a core. */
const QUIET = 0.05;

const number = (value: number, digits: number): string =>
  value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });

const show = ({ median, min, max }: Spread, digits: number): string =>
  `${number(median, digits)} (${number(min, digits)}–${number(max, digits)})`;

const percent = (samples: readonly Sample[], share: (sample: Sample) => number): string =>
  `${number(spreadOf(samples.map(share)).median * 100, 0)} %`;

const line = (name: string, ...cells: readonly [string, number][]): string =>
  [name.padEnd(NAME_WIDTH), ...cells.map(([text, width]) => text.padStart(width))].join('  ').trimEnd();

const HEADINGS = line(
  '',
  ['CPU µs a request', 20],
  ['requests a second', 24],
  ['p99 ms', 18],
  ['wrk', 6],
  ['its core', 9],
  ['others', 7],
);

const rowOf = ({ name, samples }: Series): string =>
  line(
    `  ${name}`,
    [show(spreadOf(samples.map((sample) => sample.cpuMicros)), 1), 20],
    [show(spreadOf(samples.map((sample) => sample.requestsPerSecond)), 0), 24],
    [show(spreadOf(samples.map((sample) => sample.p99Ms)), 1), 18],
    [percent(samples, (sample) => sample.generatorShare), 6],
    [percent(samples, (sample) => sample.loadCoreShare), 9],
    [percent(samples, (sample) => sample.strangersShare), 7],
  );

/** Medians with the minimum and maximum of all rounds. */
export function resultsTable(all: readonly Series[]): string {
  const lines = [HEADINGS];
  for (const [i, series] of all.entries()) {
    if (series.subject !== all[i - 1]?.subject) lines.push(series.subject);
    lines.push(rowOf(series));
  }
  return lines.join('\n');
}

/** Explains the columns, and warns if other processes interfered. */
export function notes(all: readonly Series[]): string {
  const samples = all.flatMap((series) => series.samples);
  const busiest = Math.max(...samples.map((sample) => sample.strangersShare));
  return [
    'CPU: user and kernel time of the server process, all threads, divided by its answers.',
    'wrk: CPU of the load generator. Its core: of everything there; near 100 %, requests a second are its limit.',
    `Others: CPU that other processes took of the server's core${busiest > QUIET ? '. The machine was not quiet: trust ratios only.' : '.'}`,
  ].join('\n');
}

/** Each goal with its measurement. */
export const goalsTable = (verdicts: readonly Verdict[]): string =>
  verdicts.map((verdict) => `${verdict.isMet ? '✓' : '✗'} ${goalLine(verdict)}`).join('\n');

function goalLine({ goal, measured }: Verdict): string {
  const { subject, of, over, atMost, atLeast } = goal;
  const what = `${subject}: ${of}${over === undefined ? '' : ` ÷ ${over}`}`;
  const bound = atMost === undefined ? `≥ ${atLeast}` : `≤ ${atMost}`;
  const unit = over === undefined ? ' µs' : '';
  return `${what.padEnd(54)} ${show(measured, over === undefined ? 1 : 2).padStart(20)}   goal ${bound}${unit}`;
}
