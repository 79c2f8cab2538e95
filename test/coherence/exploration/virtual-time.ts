interface Timer {
  readonly atMs: number;
  readonly run: () => void;
}

const STARTS_AT_MS = 1_000_000;

/** Stands in for Node's clocks and timers in this process. Time passes only when the world says so. */
export class VirtualTime {
  private timers = new Set<Timer>();
  /** The callback of the last `setInterval`. The world decides when it runs. */
  interval: () => void = () => undefined;
  nowMs = STARTS_AT_MS;

  install(): void {
    Object.defineProperty(performance, 'now', { configurable: true, value: () => this.nowMs });
    Date.now = () => this.nowMs;
    Object.assign(globalThis, {
      setTimeout: (run: () => void, ms: number) => this.after(ms, run),
      clearTimeout: (timer: Timer) => void this.timers.delete(timer),
      setInterval: (run: () => void) => {
        this.interval = run;
        return { unref: () => undefined };
      },
      clearInterval: () => undefined,
    });
  }

  /** For another world. */
  begin(): void {
    this.nowMs = STARTS_AT_MS;
    this.timers = new Set();
  }

  pass(ms: number): void {
    this.nowMs += ms;
    for (const timer of this.timers) {
      if (timer.atMs > this.nowMs) continue;
      this.timers.delete(timer);
      timer.run();
    }
  }

  private after(ms: number, run: () => void): Timer {
    const timer = { atMs: this.nowMs + ms, run };
    this.timers.add(timer);
    return timer;
  }
}

/** Resolves when all promises that wait for nothing else have settled: Node empties their queue before the next tick. */
export const settled = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));
