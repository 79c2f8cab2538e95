import { ratioOf, spreadOf } from '../report/statistics.js';
import type { JsonComparison } from './json-benchmark.js';

/** The largest acceptable ratio to `JSON.parse`, in time and in memory. */
const MOST = 2;

export function jsonReport(comparisons: readonly JsonComparison[]): {
  readonly text: string;
  readonly isMet: boolean;
} {
  const rows = comparisons.map((comparison) => {
    const { name, bytes, plainMicros, ourMicros, plainBytes, ourBytes } = comparison;
    const time = ratioOf(ourMicros, plainMicros);
    const memory = ourBytes / plainBytes;
    const isGood = time.median <= MOST && memory <= MOST;
    const micros = [plainMicros, ourMicros].map((values) => spreadOf(values).median.toFixed(2));
    return {
      isGood,
      text:
        `${isGood ? '✓' : '✗'} ${name.padEnd(34)} ${`${bytes} B`.padStart(10)}  ` +
        `${micros.map((value) => value.padStart(8)).join(' → ')} µs  ` +
        `time × ${time.median.toFixed(2)} (${time.min.toFixed(2)}–${time.max.toFixed(2)})  memory × ${memory.toFixed(2)}`,
    };
  });
  return {
    text: [...rows.map(({ text }) => text), `goal: time and memory × ${MOST} at most`].join('\n'),
    isMet: rows.every(({ isGood }) => isGood),
  };
}
