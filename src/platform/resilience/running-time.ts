import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';

const INTERVAL_MS = 20;
/** Timers of an idle process are a millisecond or two late. */
const TOLERANCE_MS = 5;
/** A busy process normally loses up to this share of the time. */
const STARVED_SHARE = 0.2;

/** The time since a starting point. */
export interface RunningSpan {
  /** Elapsed time by the clock. */
  readonly elapsedMs: number;
  /** The part of it during which this process ran, or could have run. */
  readonly ranMs: number;
  /** True if the process was starved of CPU for so long that a missing reply proves nothing. */
  readonly isStarved: boolean;
}

/**
 * Measures how much of the elapsed time this process could run. A process starved of CPU finds its timers due before it
 * has read a reply that has already arrived. So code that judges another process by a timeout asks here how much of the
 * time was its own.
 */
export class RunningTime {
  private dueAt: number;
  private lostMs = 0;
  private readonly timer: NodeJS.Timeout;

  /** @param now milliseconds that never go backwards */
  constructor(private readonly now: () => number = () => performance.now()) {
    this.dueAt = now() + INTERVAL_MS;
    this.timer = setInterval(() => this.tick(), INTERVAL_MS).unref();
  }

  /** Call this when the timer fires. It was due at `dueAt`. */
  tick(): void {
    this.lostMs += this.lateMs;
    this.dueAt = this.now() + INTERVAL_MS;
  }

  /** @returns a function that measures the time from now on; it can be called repeatedly */
  begin(): () => RunningSpan {
    const [startedAt, lostBefore] = [this.now(), this.lostMs + this.lateMs];
    return () => {
      const elapsedMs = this.now() - startedAt;
      const lostMs = Math.min(elapsedMs, this.lostMs + this.lateMs - lostBefore);
      return { elapsedMs, ranMs: elapsedMs - lostMs, isStarved: lostMs > elapsedMs * STARVED_SHARE };
    };
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** How late the next timer is. */
  private get lateMs(): number {
    const lateMs = this.now() - this.dueAt;
    return lateMs > TOLERANCE_MS ? lateMs : 0;
  }
}

/** The instance for this process. */
export const runningTime = new RunningTime();

/** The wait of a starved process is extended to at most this multiple. */
const MAX_FACTOR = 8;

/**
 * Waits until this process has run for this long, and has read what arrived meanwhile. Ends early if the signal is
 * aborted.
 */
export async function outlast(ms: number, signal: AbortSignal): Promise<void> {
  const look = runningTime.begin();
  for (let leftMs = ms; leftMs > 0 && !signal.aborted;) {
    await sleep(Math.ceil(leftMs), undefined, { ref: false });
    // Timers run before data from sockets is read.
    await nextTurn();
    const { elapsedMs, ranMs } = look();
    leftMs = elapsedMs >= ms * MAX_FACTOR ? 0 : ms - ranMs;
  }
}
