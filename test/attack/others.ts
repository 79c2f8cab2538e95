import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from './target.js';

/**
 * Requests of other clients during an attack. They arrive at their own pace, whether or not earlier ones were answered.
 */
export async function othersDuring(
  attack: Promise<unknown>,
  everyMs: number,
  ask: (n: number) => Promise<Answer>,
): Promise<Answer[]> {
  const requests: Promise<Answer>[] = [];
  const timer = setInterval(() => requests.push(ask(requests.length)), everyMs);
  await attack.finally(() => clearInterval(timer));
  return Promise.all(requests);
}

/** Repeats `work`, `atOnce` at a time, until it has run `times` times or the time is over. */
export async function repeatedly<T>(
  { atOnce, times = Infinity, signal }: { atOnce: number; times?: number; signal: AbortSignal },
  work: (n: number) => Promise<T>,
): Promise<T[]> {
  const results: T[] = [];
  let begun = 0;
  const workers = Array.from({ length: atOnce }, async () => {
    while (begun < times && !signal.aborted) results.push(await work(begun++));
  });
  await Promise.all(workers);
  return results;
}

/** Ends early and without an error when the signal is aborted. */
export const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal }).catch(() => undefined);

/** `median 12 ms, worst 80 ms`. */
export function timesOf(answers: readonly Answer[]): { readonly text: string; readonly worstMs: number } {
  const sorted = answers.map(({ ms }) => ms).toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const worstMs = sorted.at(-1) ?? 0;
  return { text: `median ${median.toFixed(0)} ms, worst ${worstMs.toFixed(0)} ms`, worstMs };
}
