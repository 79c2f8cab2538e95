export interface Latency {
  readonly fault: string;
  readonly count: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly maxMs: number;
}

const NONE = 'none';

/** Counts writes, and how long their answers took under which fault. */
export class WriteTally {
  private readonly msByFault = new Map<string, number[]>();
  acknowledged = 0;
  /** 503, or a lost connection: they may have happened. */
  unknown = 0;

  /** @param faults active at any time during the write */
  note(ms: number, faults: ReadonlySet<string>): void {
    for (const fault of faults.size === 0 ? [NONE] : faults) {
      const list = this.msByFault.get(fault) ?? [];
      this.msByFault.set(fault, list);
      list.push(ms);
    }
  }

  latencies(): Latency[] {
    return [...this.msByFault].map(([fault, list]) => {
      const sorted = list.toSorted((one, other) => one - other);
      const at = (share: number): number =>
        sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
      return { fault, count: sorted.length, p50Ms: at(0.5), p95Ms: at(0.95), maxMs: sorted.at(-1)! };
    });
  }
}
