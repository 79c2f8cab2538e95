import type { Clock } from './clock.js';

/** Lets what is ready run: a transaction of IndexedDB takes a few turns of the event loop. */
async function untilIdle(): Promise<void> {
  for (let i = 0; i < 60; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** Time that passes only when a test says so. */
export class VirtualClock implements Clock {
  private time = 1_000_000;
  private sleepers: { readonly at: number; readonly wake: () => void }[] = [];

  now(): number {
    return this.time;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const sleeper = { at: this.time + ms, wake: resolve };
      this.sleepers.push(sleeper);
      signal.addEventListener('abort', () => {
        this.sleepers = this.sleepers.filter((each) => each !== sleeper);
        resolve();
      });
    });
  }

  /** Passes `ms`, and wakes who sleeps until then, in order. */
  async pass(ms: number): Promise<void> {
    const end = this.time + ms;
    await untilIdle();
    for (;;) {
      const next = this.sleepers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.sleepers = this.sleepers.filter((each) => each !== next);
      this.time = Math.max(this.time, next.at);
      next.wake();
      await untilIdle();
    }
    this.time = end;
  }
}
