import type { SocketLimits } from './socket-pool.js';

/** The limit of waiting callers. Further callers are refused at once. */
const MAX_WAITING = 1_000;

interface Waiting {
  readonly host: string;
  readonly start: () => void;
}

/**
 * Limits how many calls run at once, in total and per host, because each needs a connection. Other calls wait in order.
 */
export class CallSlots {
  private running = 0;
  private readonly runningTo = new Map<string, number>();
  private readonly waiting = new Set<Waiting>();

  constructor(private readonly limits: SocketLimits) {}

  get isFull(): boolean {
    return this.waiting.size >= MAX_WAITING;
  }

  /** @returns true if the call may start now; `release` must follow */
  take(host: string): boolean {
    const toHost = this.runningTo.get(host) ?? 0;
    if (this.running >= this.limits.maxSockets || toHost >= this.limits.maxSocketsPerHost) return false;
    this.running += 1;
    this.runningTo.set(host, toHost + 1);
    return true;
  }

  /** Resolves when the call may start. @throws the signal's reason if it is aborted first */
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
