import type { SocketLimits } from './socket-pool.js';

/** Callers that may wait; one more is told at once. */
const MAX_WAITING = 1_000;

interface Waiting {
  readonly host: string;
  readonly start: () => void;
}

/** How many calls run at once, in all and to one host: each needs a connection. The others wait in order. */
export class CallSlots {
  private running = 0;
  private readonly runningTo = new Map<string, number>();
  private readonly waiting = new Set<Waiting>();

  constructor(private readonly limits: SocketLimits) {}

  get isFull(): boolean {
    return this.waiting.size >= MAX_WAITING;
  }

  /** @returns whether the call may start now; if so, `release` must follow */
  take(host: string): boolean {
    const toHost = this.runningTo.get(host) ?? 0;
    if (this.running >= this.limits.maxSockets || toHost >= this.limits.maxSocketsPerHost) return false;
    this.running += 1;
    this.runningTo.set(host, toHost + 1);
    return true;
  }

  /** Resolves when the call may start. @throws the signal's reason when it comes first */
  wait(host: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting = {
        host,
        start: () => {
          signal.removeEventListener('abort', giveUp);
          resolve();
        },
      };
      const giveUp = (): void => {
        this.waiting.delete(waiting);
        reject(signal.reason as Error);
      };
      if (signal.aborted) return giveUp();
      signal.addEventListener('abort', giveUp, { once: true });
      this.waiting.add(waiting);
    });
  }

  release(host: string): void {
    this.running -= 1;
    const toHost = this.runningTo.get(host)! - 1;
    if (toHost === 0) this.runningTo.delete(host);
    else this.runningTo.set(host, toHost);
    for (const waiting of this.waiting) {
      if (!this.take(waiting.host)) continue;
      this.waiting.delete(waiting);
      waiting.start();
      return;
    }
  }
}
