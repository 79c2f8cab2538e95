export type EndReason = 'timeout' | 'cancelled' | 'stopping';

/** Ends a call in any state: waiting, connecting, between attempts, or during the answer. */
export class CallLimit {
  /** Why the call was ended. Set once the signal is aborted. */
  endReason: EndReason | undefined;
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private readonly endsAtMs: number;
  private readonly onCancel = (): void => this.cut('cancelled');

  constructor(
    readonly ms: number,
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

  cut(by: EndReason): void {
    this.endReason ??= by;
    this.controller.abort();
  }

  end(): void {
    clearTimeout(this.timer);
    this.caller?.removeEventListener('abort', this.onCancel);
  }
}
