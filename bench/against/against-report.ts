import { ratioOf, type Spread, spreadOf } from '../report/statistics.js';
import type { Comparison } from './against-benchmark.js';

/** The largest acceptable ratio of a hit's cost to its cost before. */
const MOST_OF_A_HIT = 1.03;

const shown = ({ median, min, max }: Spread, digits: number): string =>
  `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`;

export function againstReport(comparisons: readonly Comparison[]): {
  readonly text: string;
  readonly isMet: boolean;
} {
  let isMet = true;
  const lines = comparisons.map(({ name, before, after }) => {
    const ratio = ratioOf(after, before);
    const hasGoal = name.endsWith(' hit');
    const isGood = !hasGoal || ratio.median <= MOST_OF_A_HIT;
    isMet &&= isGood;
    const goal = hasGoal ? `   goal ≤ ${MOST_OF_A_HIT}` : '';
    return `${isGood ? '✓' : '✗'} ${name}: other ${shown(spreadOf(before), 1)} µs, this ${shown(spreadOf(after), 1)} µs, ratio ${shown(ratio, 3)}${goal}`;
  });
  return { text: lines.join('\n'), isMet };
}
