import type { WriteSeries } from './write-benchmark.js';

/** The limit in milliseconds of what waiting for three replicas may add to a write. */
const GOALS = { 0.5: 1.5, 0.95: 4 } as const;

const quantile = (values: readonly number[], q: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(q * values.length))]!;

export function writeReport({ shipped, other }: WriteSeries): {
  readonly text: string;
  readonly isMet: boolean;
} {
  const rows = ([0.5, 0.95] as const).map((q) => {
    const [with_, without] = [quantile(shipped, q), quantile(other, q)];
    return { q, with_, without, added: with_ - without, isMet: with_ - without <= GOALS[q] };
  });
  const lines = rows.map(
    ({ q, with_, without, added, isMet }) =>
      `${isMet ? '✓' : '✗'} p${q * 100}: ${with_.toFixed(2)} ms waiting, ${without.toFixed(2)} ms not waiting, ` +
      `${added.toFixed(2)} ms more   goal ≤ ${GOALS[q]} ms`,
  );
  const longest = `longest: ${Math.max(...shipped).toFixed(1)} ms waiting, ${Math.max(...other).toFixed(1)} ms not waiting`;
  return { text: [...lines, longest].join('\n'), isMet: rows.every(({ isMet }) => isMet) };
}

/** For two builds that both wait. */
export function twoBuildsReport({ shipped, other }: WriteSeries): string {
  const lines = ([0.5, 0.95] as const).map((q) => {
    const [now, before] = [quantile(shipped, q), quantile(other, q)];
    return `p${q * 100}: ${now.toFixed(2)} ms, the other build ${before.toFixed(2)} ms, ${(now - before).toFixed(2)} ms more`;
  });
  return lines.join('\n');
}
