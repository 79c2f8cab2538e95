/** After this long a lease has run out by anybody's clock: two of them drift apart by less than 5 % meanwhile. */
export const fullLeaseMs = (leaseMs: number): number => leaseMs * 1.05 + 20;

export interface Clock {
  /** Milliseconds that never go back; they may stand still while the machine is suspended. */
  readonly monotonicMs: () => number;
  /** Milliseconds since 1970, which go on meanwhile. */
  readonly wallMs: () => number;
}

export const systemClock: Clock = { monotonicMs: () => performance.now(), wallMs: () => Date.now() };

/** A moment on both clocks. */
export interface Moment {
  readonly monotonicMs: number;
  readonly wallMs: number;
}

/** The right to use the caches for `leaseMs`, after which no writer waits for this replica any more. */
export class Lease {
  private end: Moment = { monotonicMs: -Infinity, wallMs: -Infinity };

  constructor(
    private readonly leaseMs: number,
    private readonly clock: Clock,
  ) {}

  get isHeld(): boolean {
    return this.clock.monotonicMs() < this.end.monotonicMs && this.clock.wallMs() < this.end.wallMs;
  }

  /** How long ago it ended, 0 while it is held; infinite before the first. */
  get msSinceEnd(): number {
    return Math.max(0, this.clock.monotonicMs() - this.end.monotonicMs);
  }

  /** @returns the moment that `renew` is told when the reply has come */
  moment(): Moment {
    return { monotonicMs: this.clock.monotonicMs(), wallMs: this.clock.wallMs() };
  }

  /** @param sent when the renewal was sent: PostgreSQL counts from later on */
  renew(sent: Moment): void {
    this.end = { monotonicMs: sent.monotonicMs + this.leaseMs, wallMs: sent.wallMs + this.leaseMs };
  }

  giveBack(): void {
    this.end = this.moment();
  }
}
