export type CutReason = 'timeout' | 'cancelled' | 'stopping';

/** Ends a call as a whole, wherever it is: waiting, connecting, between attempts or in the middle of the answer. */
export class CallLimit {
  /** Why it was ended, once the signal is aborted. */
  cutBy: CutReason | undefined;
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private readonly endsAtMs: number;
  private readonly onCancel = (): void => this.cut('cancelled');

  constructor(
    ms: number,
    private readonly caller: AbortSignal | undefined,
  ) {
    this.endsAtMs = performance.now() + ms;
    this.timer = setTimeout(() => this.cut('timeout'), ms);
    if (caller?.aborted === true) this.cut('cancelled');
    else caller?.addEventListener('abort', this.onCancel, { once: true });
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  get remainingMs(): number {
    return this.endsAtMs - performance.now();
  }

  cut(by: CutReason): void {
    this.cutBy ??= by;
    this.controller.abort();
  }

  end(): void {
    clearTimeout(this.timer);
    this.caller?.removeEventListener('abort', this.onCancel);
  }
}
