/** A replica's lease as PostgreSQL stores it. */
export interface LeaseMark {
  readonly id: string;
  /** The transaction that last renewed the lease, so it differs after each renewal. */
  readonly mark: string;
}

interface ObservedMark {
  readonly mark: string;
  /** When this process first saw the mark. */
  readonly sinceMs: number;
}

/** After this many lease lengths without a renewal, the row of a replica may be deleted. */
const LEASES_UNTIL_GONE = 100;

/**
 * Tells by this process's own clock when other replicas' leases have run out: when their marks have not changed for the
 * full length of a lease. PostgreSQL's wall clock plays no part, so it may be changed at any time. Milliseconds are
 * monotonic.
 */
export class LeaseWatch {
  private watched = new Map<string, ObservedMark>();
  private beganAtMs = Infinity;

  /** @param fullLeaseMs how long others wait for a lease that is not renewed: see `fullLeaseMs` in coherence.ts */
  constructor(private readonly fullLeaseMs: number) {}

  /** Begins a history. It lists no leases of the last one, so nothing is known until those have run out. */
  begin(): void {
    this.watched = new Map();
    this.beganAtMs = Infinity;
  }

  /** @param marks of all replicas @param atMs when the reply arrived */
  observe(marks: readonly LeaseMark[], atMs: number): void {
    this.beganAtMs = Math.min(this.beganAtMs, atMs);
    this.watched = new Map(marks.map((it) => [it.id, { mark: it.mark, sinceMs: this.sinceOf(it, atMs) }]));
  }

  private sinceOf({ id, mark }: LeaseMark, atMs: number): number {
    const watched = this.watched.get(id);
    return watched?.mark === mark ? watched.sinceMs : atMs;
  }

  /**
   * @param marks of all replicas, read after a commit
   * @param atMs when the reply arrived
   * @returns the latest end of each lease that was held at the commit; undefined if this process has not watched long
   * enough to know them all
   */
  endsOf(marks: readonly LeaseMark[], atMs: number): ReadonlyMap<string, number> | undefined {
    if (atMs - this.beganAtMs < this.fullLeaseMs) return undefined;
    return new Map(marks.map((it) => [it.id, this.sinceOf(it, atMs) + this.fullLeaseMs]));
  }

  /** The number of replicas that may hold a lease. */
  countLive(atMs: number): number {
    return [...this.watched.values()].filter(({ sinceMs }) => atMs - sinceMs < this.fullLeaseMs).length;
  }

  /** Replicas that have not renewed for a long time. */
  gone(atMs: number): LeaseMark[] {
    const goneMs = LEASES_UNTIL_GONE * this.fullLeaseMs;
    return [...this.watched].flatMap(([id, { mark, sinceMs }]) =>
      atMs - sinceMs < goneMs ? [] : [{ id, mark }],
    );
  }
}
