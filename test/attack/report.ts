import type { Result } from './run-attacks.js';
import { percentile, worstOf } from './verdict.js';

const ms = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} ms`;

/** A line for the attack, and one for each failed expectation. */
export function reportOf(result: Result): string {
  const { name, seconds, summary, memoryBeforeMib, peakMib, loopHeldUpMs, missesMs, complaints } = result;
  const hits = seconds.reduce((sum, second) => sum + second.hits, 0);
  const lines = [
    `${result.isHeld ? '✓' : '✗'} ${name}: ${summary}`,
    `    ${hits} hits in ${seconds.length} s: p99 of the worst second ${ms(worstOf(seconds, 'p99Ms'))}, worst ${ms(worstOf(seconds, 'worstMs'))}; an idle process took up to ${ms(worstOf(seconds, 'machineMs'))}; the server's event loop was held up for up to ${ms(loopHeldUpMs)}`,
    `    ${missesMs.length} misses of readers${missesMs.length === 0 ? '' : `: p99 ${ms(percentile(missesMs, 0.99))}, worst ${ms(percentile(missesMs, 1))}`}`,
    `    memory ${Math.round(memoryBeforeMib)} → at most ${Math.round(peakMib)} MiB`,
    ...complaints.map((complaint) => `    ✗ ${complaint}`),
  ];
  return lines.join('\n');
}
