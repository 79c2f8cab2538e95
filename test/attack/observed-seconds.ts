import type { ObservedSecond } from './observers.js';

interface Seen {
  readonly ms: number[];
  readonly failures: string[];
}

/** Groups an observer's results by the second in which they began. */
export class ObservedSeconds {
  private seen = new Map<number, Seen>();

  add(startedAtMs: number, ms: number, failure?: string): void {
    const second = Math.floor(startedAtMs / 1000);
    let seen = this.seen.get(second);
    if (seen === undefined) this.seen.set(second, (seen = { ms: [], failures: [] }));
    seen.ms.push(ms);
    if (failure !== undefined) seen.failures.push(failure);
  }

  /** Returns the results and forgets them. */
  take(): ObservedSecond[] {
    const seconds = [...this.seen].map(([second, seen]) => ({ second, ...seen }));
    this.seen = new Map();
    return seconds;
  }
}
