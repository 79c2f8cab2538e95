export interface BreakerOptions {
  /** The number of consecutive failures that opens the breaker. */
  readonly failures: number;
  /** How long it stays open before one call is let through as a probe. */
  readonly openMs: number;
  readonly now?: () => number;
}

/**
 * Spares callers of a failing service the wait. Opens after `failures` in a row, then lets one probe through every
 * `openMs`.
 */
export class CircuitBreaker {
  private failed = 0;
  private openUntilMs = 0;
  private isProbing = false;
  private readonly now: () => number;

  constructor(private readonly options: BreakerOptions) {
    this.now = options.now ?? (() => performance.now());
  }

  get state(): 'closed' | 'open' | 'half-open' {
    if (this.failed < this.options.failures) return 'closed';
    return this.now() < this.openUntilMs || this.isProbing ? 'open' : 'half-open';
  }

  /**
   * Runs `call` unless the breaker is open.
   * @returns undefined if it is open or the call failed; the failure is passed to `onFailure`
   */
  async run<T>(call: () => Promise<T>, onFailure: (error: unknown) => void): Promise<T | undefined> {
    const { state } = this;
    if (state === 'open') return undefined;
    this.isProbing = state === 'half-open';
    try {
      const result = await call();
      this.failed = 0;
      return result;
    } catch (error) {
      this.failed += 1;
      this.openUntilMs = this.now() + this.options.openMs;
      onFailure(error);
      return undefined;
    } finally {
      this.isProbing = false;
    }
  }
}
