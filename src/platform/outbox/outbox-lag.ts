const REPORTED_EVERY_MS = 5_000;

interface Report {
  readonly seconds: number;
  readonly atMs: number;
}

/** How far the work that the outbox creates is behind. */
export class OutboxLag {
  private readonly reports = new Map<string, Report>();

  /** @param seconds the age of the oldest row that `source` could have handled but has not; 0 if there is none */
  report(source: string, seconds: number): void {
    this.reports.set(source, { seconds: Math.max(0, seconds), atMs: performance.now() });
  }

  /** The lag of the slowest source. The lag of a source that stops reporting grows with time. */
  get seconds(): number {
    const now = performance.now();
    const lags = [...this.reports.values()].map(({ seconds, atMs }) => {
      const silenceMs = now - atMs;
      return seconds + (seconds > 0 || silenceMs > REPORTED_EVERY_MS ? silenceMs / 1000 : 0);
    });
    return Math.max(0, ...lags);
  }
}
