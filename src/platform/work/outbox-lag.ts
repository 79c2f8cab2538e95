const REPORTED_EVERY_MS = 5_000;

interface Report {
  readonly seconds: number;
  readonly atMs: number;
}

/** How far behind the work is that the outbox gives. */
export class OutboxLag {
  private readonly reports = new Map<string, Report>();

  /** @param seconds age of the oldest row that `source` has not handled although it could; 0 when there is none */
  report(source: string, seconds: number): void {
    this.reports.set(source, { seconds: Math.max(0, seconds), atMs: performance.now() });
  }

  /** Of the source that is furthest behind. One that says nothing any more falls behind with the time. */
  get seconds(): number {
    const now = performance.now();
    const lags = [...this.reports.values()].map(({ seconds, atMs }) => {
      const silenceMs = now - atMs;
      return seconds + (seconds > 0 || silenceMs > REPORTED_EVERY_MS ? silenceMs / 1000 : 0);
    });
    return Math.max(0, ...lags);
  }
}
