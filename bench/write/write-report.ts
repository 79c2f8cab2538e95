import type { WriteSeries } from './write-benchmark.js';

/** What waiting for three replicas may add to a write, in milliseconds. */
const GOALS = { 0.5: 1.5, 0.95: 4 } as const;

const quantile = (values: readonly number[], q: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(q * values.length))]!;

export function writeReport({ waiting, notWaiting }: WriteSeries): {
  readonly text: string;
  readonly isMet: boolean;
} {
  const rows = ([0.5, 0.95] as const).map((q) => {
    const [with_, without] = [quantile(waiting, q), quantile(notWaiting, q)];
    return { q, with_, without, added: with_ - without, isMet: with_ - without <= GOALS[q] };
  });
  const lines = rows.map(
    ({ q, with_, without, added, isMet }) =>
      `${isMet ? '✓' : '✗'} p${q * 100}: ${with_.toFixed(2)} ms waiting, ${without.toFixed(2)} ms not waiting, ` +
      `${added.toFixed(2)} ms more   goal ≤ ${GOALS[q]} ms`,
  );
  const longest = `longest: ${Math.max(...waiting).toFixed(1)} ms waiting, ${Math.max(...notWaiting).toFixed(1)} ms not waiting`;
  return { text: [...lines, longest].join('\n'), isMet: rows.every(({ isMet }) => isMet) };
}
